"""Old names of accounts.throttling.captcha, which may be in the environment's settings."""

from podium.core import deprecation

__getattr__ = deprecation.moved(
    __name__,
    {
        "NotHuman": "accounts.throttling.captcha.CaptchaFailed",
        **{
            name: f"accounts.throttling.captcha.{name}"
            for name in ["check", "SiteVerify", "turnstile", "hcaptcha", "recaptcha"]
        },
    },
    since="0.2.0",
)
