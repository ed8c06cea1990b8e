// Show on the page why a passkey could not be added or used. allauth's script only writes it to the console.
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
    return `Passkeys do not work at 127.0.0.1. Open this page at ${url} instead.`;
  }
  if (error.name === "SecurityError") {
    return `This server's passkeys do not work at ${location.host}. They work at the domain in its PASSKEY_RP_ID.`;
  }
  if (error.name === "NotAllowedError") return "No passkey was used. The request was cancelled or timed out. Try again.";
  if (error.name === "InvalidStateError") return "This device already has a passkey for this account.";
  return `The passkey could not be used: ${error.message}`;
}
