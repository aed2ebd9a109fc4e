"""Who works in the demo: names, roles, ranks, skills."""

from __future__ import annotations

from dataclasses import dataclass

from portal.customers.names import fold
from portal.demo.idents import ident
from portal.models import Organisation, Person, Qualification, StaffMember, Treatment, Venue, VenueMember

RECEPTION, THERAPIST, MANAGER, ADMIN = "receptionist", "therapist", "manager", "admin"
MASSAGES = ("RELAX", "AROMA", "PIERRE", "SHIA", "SPORT", "PRENA", "DOS", "CRANE", "REFLEX")
FACES = ("ECLAT", "LIFT", "GOMM", "HAMMAM", "LUTECE", "CRANE", "DOS")


@dataclass(frozen=True)
class Colleague:
    """A member of staff; `ranks` gives the venues with her rank there, `skills` codes of treatments (none: all)."""

    first_name: str
    last_name: str
    role: str
    ranks: dict[str, int]
    gender: str | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr",)


STAFF = {
    "maison-lutece": [
        Colleague("Ada", "Lemaire", ADMIN, {}, "female", languages=("fr", "en")),
        Colleague("Maud", "Carpentier", MANAGER, {"lutetia": 1, "marais": 1}, "female", languages=("fr", "en")),
        Colleague("Camille", "Roux", RECEPTION, {"lutetia": 1}, "female", languages=("fr", "en", "es")),
        Colleague("Solène", "Briand", RECEPTION, {"marais": 1}, "female"),
        Colleague("Thérèse", "Lambert", THERAPIST, {"lutetia": 1}, "female", languages=("fr", "en")),
        Colleague("Marc", "Delaunay", THERAPIST, {"lutetia": 1}, "male"),
        Colleague("Inès", "Benali", THERAPIST, {"lutetia": 2}, "female", MASSAGES, ("fr", "ar")),
        Colleague("Sofia", "Marchetti", THERAPIST, {"lutetia": 2}, "female", (*MASSAGES, "ECLAT"), ("fr", "it")),
        Colleague("Julien", "Moreau", THERAPIST, {"lutetia": 2}, "male", ("RELAX", "AROMA", "SPORT", "DOS", "PIERRE")),
        Colleague("Naoko", "Tanaka", THERAPIST, {"lutetia": 3}, "female", ("SHIA", "REFLEX", "CRANE", "DOS"),
                  ("fr", "ja")),
        Colleague("Élodie", "Garnier", THERAPIST, {"lutetia": 3}, "female", FACES),
        Colleague("Aïcha", "Diallo", THERAPIST, {"lutetia": 3, "marais": 2}, "female"),
        Colleague("Clément", "Rousseau", THERAPIST, {"marais": 1}, "male", ("SUEDE", "ABHY", "DRAIN")),
        Colleague("Gabrielle", "Petit", THERAPIST, {"marais": 1}, "female", ("KOBIDO", "PAUSE", "MAINS", "PIEDS",
                                                                            "CORPS")),
        Colleague("Léa", "Fontaine", THERAPIST, {"marais": 1, "lutetia": 3}, "female"),
        Colleague("Hugo", "Lefèvre", THERAPIST, {"marais": 2}, "male", ("SUEDE", "ABHY", "CORPS", "PAUSE")),
    ],
    "alpes-bien-etre": [
        Colleague("Eve", "Charlet", ADMIN, {"chamonix": 1}, "female", languages=("fr", "en")),
        Colleague("Bastien", "Payot", RECEPTION, {"chamonix": 1}, "male"),
        Colleague("Manon", "Ducroz", THERAPIST, {"chamonix": 1}, "female"),
        Colleague("Yann", "Simond", THERAPIST, {"chamonix": 1}, "male"),
        Colleague("Capucine", "Balmat", THERAPIST, {"chamonix": 2}, "female", ("GLACE", "FOIN", "ALPIN")),
    ],
    "indigo": [
        Colleague("Anaïs", "Hoarau", ADMIN, {"saint-denis": 1}, "female"),
        Colleague("Kévin", "Payet", RECEPTION, {"saint-denis": 1}, "male"),
        Colleague("Marie-Annick", "Grondin", THERAPIST, {"saint-denis": 1}, "female"),
        Colleague("Dimitri", "Técher", THERAPIST, {"saint-denis": 1}, "male"),
    ],
}  # fmt: skip


def make_member(
    organisation: Organisation, colleague: Colleague, venues: dict[str, Venue], password_hash: str
) -> StaffMember:
    """The member with an account at `first-name@organisation.example`."""
    email = f"{fold(colleague.first_name)}@{organisation.slug}.example"
    member = StaffMember(
        uuid=ident("member", email),
        organisation=organisation,
        email=email,
        password_hash=password_hash,
        first_name=colleague.first_name,
        last_name=colleague.last_name,
        role=colleague.role,
        gender=colleague.gender,
        languages=list(colleague.languages),
        locale="fr",
        venue_links=[VenueMember(venue=venues[slug], priority=rank) for slug, rank in colleague.ranks.items()],
    )
    if colleague.role == THERAPIST:
        member.resource = Person(uuid=ident("person", email), organisation_id=organisation.id, name=member.name)
    return member


def make_qualifications(member: StaffMember, colleague: Colleague, treatments: list[Treatment]) -> list[Qualification]:
    """What she does; none at all when she does everything."""
    return [
        Qualification(member_id=member.id, treatment_id=treatment.id)
        for treatment in treatments
        if treatment.code in colleague.skills
    ]
