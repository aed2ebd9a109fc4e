"""What the venues of the demo offer: treatments with codes, variants and descriptions in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.demo.idents import ident
from portal.models import RoomType, Treatment, Variant, Venue


@dataclass(frozen=True)
class Dish:
    """A treatment. `ways` are its variants (minutes, guests, price in cents); the first is the default."""

    code: str
    name: str
    name_en: str
    category: str
    ways: list[tuple[int, int, int]]
    description: str
    description_en: str
    details: dict[str, Any] = field(default_factory=dict)


LUTETIA = [
    Dish("RELAX", "Massage relaxant", "Relaxing massage", "massage",
         [(60, 1, 11000), (90, 1, 15500), (60, 2, 21000)],
         "Un massage lent et enveloppant, de la tête aux pieds.",
         "A slow, enveloping massage from head to toe.", {"is_bestseller": True}),
    Dish("AROMA", "Massage aux huiles essentielles", "Aromatherapy massage", "massage",
         [(50, 1, 9500), (80, 1, 13500)],
         "Trois huiles au choix, pour apaiser, tonifier ou délasser.",
         "A choice of three oils: to calm, to invigorate or to unwind.", {"is_bestseller": True}),
    Dish("PIERRE", "Massage aux pierres chaudes", "Hot stone massage", "massage",
         [(80, 1, 14000)],
         "La chaleur du basalte dénoue les tensions les plus profondes.",
         "The warmth of basalt loosens the deepest tensions."),
    Dish("SHIA", "Shiatsu traditionnel", "Traditional shiatsu", "massage",
         [(50, 1, 10000), (80, 1, 14000)],
         "Pressions des pouces et étirements, sur futon et habillé.",
         "Thumb pressure and stretches, on a futon and fully dressed."),
    Dish("SPORT", "Massage sportif", "Deep tissue massage", "massage",
         [(50, 1, 10500), (80, 1, 14500)],
         "Un travail profond des muscles, avant ou après l’effort.",
         "Deep work on the muscles, before or after exercise."),
    Dish("PRENA", "Massage future maman", "Mother-to-be massage", "massage",
         [(50, 1, 10500)],
         "Allongée sur le côté, à partir du quatrième mois.",
         "Lying on the side, from the fourth month.", {"service_for": "women"}),
    Dish("DOS", "Massage express du dos", "Express back massage", "massage",
         [(20, 1, 4500)],
         "Vingt minutes pour délier le dos et les épaules.",
         "Twenty minutes to free the back and shoulders."),
    Dish("CRANE", "Massage crânien indien", "Indian head massage", "massage",
         [(20, 1, 4500), (50, 1, 9000)],
         "Tête, nuque et trapèzes, sans huile.",
         "Head, neck and shoulders, without oil."),
    Dish("REFLEX", "Réflexologie plantaire", "Foot reflexology", "massage",
         [(50, 1, 9500)],
         "La carte du corps se lit sous les pieds.",
         "The map of the body is read on the soles of the feet."),
    Dish("ECLAT", "Soin visage éclat", "Radiance facial", "facial",
         [(50, 1, 9800), (80, 1, 14000)],
         "Nettoyage, gommage doux et masque à la rose de Damas.",
         "Cleansing, gentle exfoliation and a Damask rose mask.", {"is_bestseller": True}),
    Dish("LIFT", "Soin visage liftant", "Lifting facial", "facial",
         [(80, 1, 15500)],
         "Gestes sculptants et sérum à l’acide hyaluronique.",
         "Sculpting gestures and a hyaluronic acid serum."),
    Dish("GOMM", "Gommage au sel de Guérande", "Guérande salt scrub", "body",
         [(50, 1, 8500)],
         "Fleur de sel et huile d’argan pour une peau neuve.",
         "Sea salt flakes and argan oil for new skin."),
    Dish("HAMMAM", "Rituel hammam", "Hammam ritual", "ritual",
         [(80, 1, 12500)],
         "Vapeur, savon noir, gant de crêpe et rhassoul.",
         "Steam, black soap, exfoliating glove and rhassoul clay."),
    Dish("LUTECE", "Rituel Lutèce", "Lutèce ritual", "ritual",
         [(120, 1, 21500), (120, 2, 41000)],
         "Deux heures de la tête aux pieds : bain, gommage, massage et soin du visage.",
         "Two hours from head to toe: bath, scrub, massage and facial.",
         {"lead_time_minutes": 120, "is_bundle": True, "deposit_kind": "percent", "deposit_percent": 30}),
    Dish("YOGA", "Yoga du matin", "Morning yoga", "body",
         [(60, 1, 2200)],
         "Une heure en petit groupe, pour tous les niveaux.",
         "An hour in a small group, for all levels.",
         {"kind": "class", "min_participants": 3, "max_participants": 12}),
]  # fmt: skip

MARAIS = [
    Dish("SUEDE", "Massage suédois", "Swedish massage", "massage",
         [(60, 1, 9500), (90, 1, 13500)],
         "Le grand classique, tonique et précis.",
         "The great classic, brisk and precise.", {"is_bestseller": True}),
    Dish("ABHY", "Massage abhyanga", "Abhyanga massage", "massage",
         [(60, 1, 10500)],
         "L’huile de sésame tiède de la tradition ayurvédique.",
         "The warm sesame oil of the Ayurvedic tradition."),
    Dish("DRAIN", "Drainage lymphatique", "Lymphatic drainage", "body",
         [(60, 1, 11000)],
         "Des pressions très légères, au rythme de la lymphe.",
         "Very light pressure, at the pace of the lymph."),
    Dish("KOBIDO", "Soin du visage kobido", "Kobido facial", "facial",
         [(60, 1, 12000)],
         "Le lifting japonais : cent gestes, aucune aiguille.",
         "The Japanese lift: a hundred gestures, no needle.", {"is_bestseller": True}),
    Dish("PAUSE", "Soin visage express", "Express facial", "facial",
         [(30, 1, 5500)],
         "Un coup d’éclat à l’heure du déjeuner.",
         "A fresh glow in a lunch hour."),
    Dish("MAINS", "Beauté des mains", "Manicure", "body",
         [(45, 1, 4800)],
         "Limage, cuticules, modelage et vernis.",
         "Filing, cuticles, hand massage and polish."),
    Dish("PIEDS", "Beauté des pieds", "Pedicure", "body",
         [(45, 1, 5500)],
         "Bain, gommage, soin et vernis.",
         "Bath, scrub, care and polish."),
    Dish("CORPS", "Gommage à l’orange", "Orange body scrub", "body",
         [(45, 1, 6800)],
         "Sucre roux et écorce d’orange.",
         "Brown sugar and orange peel."),
    Dish("PARFUM", "Supplément parfum d’ambiance", "Room scent extra", "massage",
         [(15, 1, 900)],
         "Une huile de votre choix diffusée pendant le soin.",
         "An oil of your choice, diffused during the treatment.", {"is_addon": True}),
]  # fmt: skip

CHAMONIX = [
    Dish("SKI", "Massage après-ski", "After-ski massage", "massage",
         [(60, 1, 10500), (60, 2, 20000)],
         "Jambes, dos et épaules, à l’arnica.",
         "Legs, back and shoulders, with arnica.", {"is_bestseller": True}),
    Dish("ALPIN", "Massage aux herbes des Alpes", "Alpine herb massage", "massage",
         [(50, 1, 9500), (80, 1, 13500)],
         "Pochons chauds de plantes cueillies à l’alpage.",
         "Warm pouches of herbs picked on the high pastures."),
    Dish("GLACE", "Soin visage glacier", "Glacier facial", "facial",
         [(50, 1, 9800)],
         "Le froid resserre, l’eau de source apaise.",
         "Cold tightens, spring water soothes."),
    Dish("FOIN", "Enveloppement au foin", "Hay wrap", "body",
         [(50, 1, 8800)],
         "La chaleur parfumée du foin de montagne.",
         "The fragrant warmth of mountain hay."),
]  # fmt: skip

SAINT_DENIS = [
    Dish("YLANG", "Massage à l’ylang-ylang", "Ylang-ylang massage", "massage",
         [(60, 1, 8500), (90, 1, 12000)],
         "La fleur jaune de l’océan Indien, chaude et apaisante.",
         "The yellow flower of the Indian Ocean, warm and calming.", {"is_bestseller": True}),
    Dish("GERAN", "Massage au géranium Bourbon", "Bourbon geranium massage", "massage",
         [(50, 1, 7800)],
         "Le géranium rosat des hauts de l’île.",
         "The rose geranium of the island’s highlands."),
    Dish("VANIL", "Gommage vanille et sucre", "Vanilla and sugar scrub", "body",
         [(50, 1, 6900)],
         "Vanille Bourbon et sucre de canne.",
         "Bourbon vanilla and cane sugar."),
    Dish("LAGON", "Soin visage lagon", "Lagoon facial", "facial",
         [(50, 1, 7200)],
         "Une fraîcheur d’aloès après le soleil.",
         "The freshness of aloe after the sun."),
]  # fmt: skip

FORMER = Dish("CHOCO", "Enveloppement au chocolat", "Chocolate wrap", "body",
              [(50, 1, 9000)],
              "Une saison seulement : cacao tiède et beurre de karité.",
              "For one season only: warm cocoa and shea butter.", {"active": False})  # fmt: skip

MENUS = {"lutetia": LUTETIA, "marais": MARAIS, "chamonix": CHAMONIX, "saint-denis": SAINT_DENIS}


def make_menu(venue: Venue, room_type: RoomType) -> list[Treatment]:
    """The venue's treatments with their variants, in the order of the menu."""
    return [_treatment(venue, room_type, dish, position) for position, dish in enumerate(MENUS[venue.slug], 1)]


def make_archived(venue: Venue, room_type: RoomType) -> Treatment:
    """What is on the menu no more."""
    return _treatment(venue, room_type, FORMER, 0)


def _treatment(venue: Venue, room_type: RoomType, dish: Dish, position: int) -> Treatment:
    return Treatment(
        uuid=ident("treatment", venue.slug, dish.code),
        organisation_id=venue.organisation_id,
        venue=venue,
        room_type=room_type,
        slug=f"{venue.slug}-{dish.code.lower()}",
        code=dish.code,
        name=dish.name,
        name_en=dish.name_en,
        description=dish.description,
        description_en=dish.description_en,
        category=dish.category,
        sort_order=position,
        variants=[_variant(venue, dish, *way) for way in dish.ways],
        **({"service_for": "couple" if dish.ways[0][1] == 2 else "all"} | dish.details),
    )


def _variant(venue: Venue, dish: Dish, minutes: int, guests: int, price_minor: int) -> Variant:
    label = f"{minutes} min" if guests == 1 else f"Duo {minutes} min"
    return Variant(
        uuid=ident("variant", venue.slug, dish.code, minutes, guests),
        label=label,
        label_en=label if guests == 1 else f"Couple {minutes} min",
        duration=minutes,
        guest_count=guests,
        price_minor=price_minor,
        is_default=(minutes, guests, price_minor) == dish.ways[0],
        sort_order=dish.ways.index((minutes, guests, price_minor)) + 1,
    )
