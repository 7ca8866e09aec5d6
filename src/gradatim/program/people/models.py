"""Organizations, persons, memberships, learners, invitations and the log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gradatim.program.ground.models import StoredFile


class Organization(models.Model):
    """An institution that runs a program, and the issuer of its credentials."""

    class Kind(models.TextChoices):
        """What it is; words and defaults on the screen follow from it."""

        SECONDARY = "secondary", _("School or school district")
        POSTSECONDARY = "postsecondary", _("College or university")
        WORKFORCE = "workforce", _("Workforce or training body")

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.POSTSECONDARY)
    name = models.CharField(max_length=200)
    url = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")  # BCP 47
    linkedin_id = models.CharField(max_length=20, blank=True)
    did = models.CharField(
        max_length=300, unique=True
    )  # the issuer's identifier; fixed once anything is signed
    brand_color = models.CharField(
        max_length=7, default="#0b5c66", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    time_zone = models.CharField(max_length=40, default="UTC")  # IANA; times are shown and entered in it
    real_since = models.DateTimeField(null=True, blank=True)  # until then everything made is marked practice

    def __str__(self) -> str:
        return self.name

    @property
    def practicing(self) -> bool:
        """Whether what is made now is marked practice."""
        return self.real_since is None


class PersonManager(BaseUserManager["Person"]):
    """Makes persons; Django's login asks for it."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> Person:
        """A person who may sign in by e-mail code, passkey or password."""
        person = self.model(email=self.normalize_email(email) or None if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Person:
        """An operator of the installation (sees the read-only admin)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """A human being. Addresses (several, verified) are allauth's `EmailAddress`; `email` is the one to write to."""

    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)  # the chosen name
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email or f"person {self.pk}"


class Membership(models.Model):
    """A person's role in an organization."""

    class Role(models.TextChoices):
        """What the person does there. Council rights come from a seat, not from a role."""

        ADMINISTRATOR = "administrator", _("Administrator")
        MANAGER = "manager", _("Program manager")
        ISSUER = "issuer", _("Registrar")
        ASSESSOR = "assessor", _("Assessor")
        COUNCIL = "council", _("Council member")
        PARTNER = "partner", _("Employer or partner")
        LEARNER = "learner", _("Learner")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A role once."""

        constraints = (models.UniqueConstraint(fields=["organization", "person", "role"], name="role_once"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Learner(models.Model):
    """A learner as the organization's records know them: the key is the organization's own id, never an e-mail."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="learners")
    number = models.CharField(max_length=64)  # student or staff number
    legal_name = models.CharField(max_length=200)
    chosen_name = models.CharField(max_length=200, blank=True)
    school_email = models.EmailField(blank=True)
    private_email = models.EmailField(blank=True)
    directory_hold = models.BooleanField(default=False)
    minor = models.BooleanField(default=False)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="learners"
    )
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A number once per organization."""

        constraints = (models.UniqueConstraint(fields=["organization", "number"], name="learner_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show: the chosen one, else the legal one."""
        return self.chosen_name or self.legal_name

    @property
    def hidden(self) -> bool:
        """Whether nothing of this learner may be public: a directory hold, or a minor."""
        return self.directory_hold or self.minor

    @property
    def addresses(self) -> list[str]:
        """Where to write: the private address first, because it outlives the school's."""
        return [a for a in (self.private_email, self.school_email) if a]


class Invitation(models.Model):
    """A role offered to an address; accepted by a POST from the page its link opens."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Membership.Role)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"


class LogEntry(models.Model):
    """One line of the log: append-only, each line carries the hash of the line before (per organization)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="log")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=200, blank=True)  # as it was then
    verb = models.CharField(max_length=60)  # "proposal.submitted"
    target = models.CharField(max_length=120)  # "proposal:31"
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """One line per number."""

        constraints = (models.UniqueConstraint(fields=["organization", "sequence"], name="log_line_once"),)
        ordering = ("organization", "sequence")

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.target}"

    @property
    def said(self) -> str:
        """What was done, as people say it: ``"Proposal submitted"``."""
        return self.verb.replace(".", " ").replace("-", " ").capitalize()

    @property
    def about(self) -> str:
        """To what: ``"proposal 31"``."""
        return self.target.replace(":", " ")
