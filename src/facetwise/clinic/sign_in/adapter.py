"""What is different here from a site where everybody may register."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from facetwise.clinic.actions.accounts import change_own_password
from facetwise.clinic.people.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, or with `facetwise clinic create-user`, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail leaves the clinic."""

    def clean_password(self, password: str, user: User | None = None) -> str:
        """A new password is another one than before, or one that was given could be kept."""
        if user is not None and user.check_password(password):
            raise ValidationError("This is the password that you have. Choose another.")
        cleaned: str = super().clean_password(password, user)
        return cleaned

    def set_password(self, user: User, password: str) -> None:
        """Somebody has chosen a password for themselves."""
        change_own_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to work."""
        return reverse("home")
