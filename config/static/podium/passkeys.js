// Shows why a passkey could not be added or used; allauth's script writes it to the console alone.
document.addEventListener("allauth.error", (event) => {
  const error = event.detail.exception;
  if (!event.detail.tags.includes("webauthn")) return;
  const place = document.getElementById("passkey-error") ?? document.createElement("ul");
  place.id = "passkey-error";
  place.className = "errorlist";
  place.setAttribute("role", "alert");
  const item = document.createElement("li");
  item.textContent = explain(error);
  place.replaceChildren(item);
  document.querySelector("main h1").after(place);
});

function explain(error) {
  if (error.name === "SecurityError" && location.hostname === "127.0.0.1") {
    const url = location.href.replace("127.0.0.1", "localhost");
    return `A passkey can't belong to 127.0.0.1. Open this page at ${url} instead.`;
  }
  if (error.name === "SecurityError") {
    return `The passkeys of this server do not work at ${location.host}. The server's PASSKEY_RP_ID says where they do.`;
  }
  if (error.name === "NotAllowedError") return "No passkey was used: it was cancelled, or it took too long. Try again.";
  if (error.name === "InvalidStateError") return "This device has a passkey of this account already.";
  return `The passkey could not be used: ${error.message}`;
}
