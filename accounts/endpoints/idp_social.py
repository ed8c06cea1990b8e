"""Old names of the providers' endpoints, which are now in accounts/providers/<name>/endpoints.py."""

from podium.core import deprecation

__getattr__ = deprecation.moved(
    __name__,
    {
        "refusing": "accounts.endpoints.idp_base.refusing",
        **{
            f"{name}IdpBaseEndpoint": f"accounts.providers.{name.lower()}.endpoints.{name}IdpBaseEndpoint"
            for name in ["Google", "Apple", "Firebase", "GitHub", "Microsoft", "Facebook", "Oidc"]
        },
    },
    since="0.2.0",
)
