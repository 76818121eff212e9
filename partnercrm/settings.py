"""The only reader of the environment and of config/: typed settings, each documented in config/default.toml."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ROOT = Path(__file__).resolve().parent.parent


class Misconfigured(Exception):  # noqa: N818 - it says what is the case
    """The settings do not allow a start; the sentence says what to set."""


class Settings(BaseSettings):
    """What an installation may set: `PARTNERCRM_<NAME>` in the environment, else a TOML file, else the default."""

    model_config = SettingsConfigDict(env_prefix="PARTNERCRM_", extra="forbid", populate_by_name=True)

    environment: Literal["production", "local", "demo", "test"]
    database_url: str | None = Field(None, validation_alias=AliasChoices("PARTNERCRM_DATABASE_URL", "DATABASE_URL"))
    worker_database_url: str | None = None
    owner_database_url: str | None = None
    admin_database_url: str | None = None
    role_prefix: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    data_directory: Path | None = None
    postgres_binaries: Path | None = None
    secret_key: SecretStr | None = None
    host: str
    port: int = Field(ge=0, le=65535)
    web_threads: int = Field(ge=1, le=128)
    web_processes: int = Field(ge=1, le=64)
    trusted_proxies: int = Field(ge=0, le=5)
    insecure_cookies: bool
    session_hours: int = Field(ge=1, le=720)
    token_days: int = Field(ge=1, le=1000)
    invitation_days: int = Field(ge=1, le=90)
    yes_days: int = Field(ge=1, le=365)
    seed_suffix: str = Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$")
    body_limit: int = Field(ge=1024)
    import_limit: int = Field(ge=1024)
    file_limit: int = Field(ge=1024)
    files_directory: Path | None = None
    request_rate: str
    sign_in_rate_account: str
    sign_in_rate_account_everywhere: str
    sign_in_rate_address: str
    sign_in_rate_global: str
    idempotency_days: int = Field(ge=1, le=90)
    metrics_token: SecretStr | None = None
    log_format: Literal["json", "console"]
    public_url: str | None = Field(None, pattern=r"^https?://[^/\s]+$")
    mail_from: str | None = Field(None, pattern=r"^[^\r\n]*[^\s@]+@[^\s@]+$")
    smtp_host: str | None = None
    smtp_port: int = Field(ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"]
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mailbox_directory: Path | None = None

    @property
    def public_address(self) -> str:
        """Where people reach us: `https://host`, as links in mails begin."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, the chosen TOML file, the defaults."""
        chosen = os.environ.get("PARTNERCRM_CONFIG")
        files = [ROOT / "config" / "default.toml"] + ([Path(chosen)] if chosen else [])
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, files, deep_merge=True)


@cache
def settings() -> Settings:
    """Return the installation's settings, read once. pydantic's ValidationError names every wrong one."""
    return Settings()  # type: ignore[call-arg]


def adopt(environment: Mapping[str, str]) -> None:
    """Take these variables into the environment, for this process and its children, and read the settings anew."""
    os.environ.update(environment)
    settings.cache_clear()
