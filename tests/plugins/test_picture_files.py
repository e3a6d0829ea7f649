"""Pictures as phones, scanners, mail and old zip files leave them: published, or refused with what to do."""

import io
import random

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from plugins.images.picture import Pictures
from plugins.images.recipes import FORMATS, encoded, photo

TONES = Image.linear_gradient("L").resize((48, 32))
KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
SECRET = b"Hemlig plats"
UNREADABLE = "går inte att läsa. Spara om den, eller välj en annan."


def exif(orientation=1):
    data = Image.Exif()
    data[0x010E] = SECRET.decode()
    data[0x0112] = orientation
    data[0x011A] = 72.0
    data.get_ifd(0x8825)[2] = (59.0, 20.0, 33.0)
    return data.tobytes()


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture
def put(tmp_path):
    """Write files into a folder of pictures, and return the pictures."""

    def write(**files):
        for name, data in files.items():
            (tmp_path / name.replace("__", ".")).write_bytes(data)
        return Pictures(tmp_path)

    return write


def drawn(picture):
    return photo(str(picture.path), picture.widths[-1])


def test_the_first_picture_of_a_phones_file_with_several_is_used(put):
    first, second = Image.new("RGB", (48, 32), "red"), Image.new("RGB", (12, 8), "blue")

    pictures = put(mobil__jpg=saved(first, "MPO", save_all=True, append_images=[second]))

    assert pictures.unfit("mobil.jpg", "Folk") is None
    assert drawn(pictures.use("mobil.jpg")).getpixel((5, 5))[0] > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_as_its_metadata_say(put, kind, orientation):
    image = Image.new("RGB", (48, 32), "white")
    image.paste("red", (0, 0, 24, 16))
    corners = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}

    picture = put(bild__jpg=saved(image, kind, exif=exif(orientation))).use("bild.jpg")

    upright = drawn(picture)
    assert (picture.width, picture.height) == upright.size == ((48, 32) if orientation < 5 else (32, 48))
    across, down = corners[orientation]
    assert upright.getpixel((5 + across * (upright.width - 10), 5 + down * (upright.height - 10)))[1] < 60


def test_damaged_metadata_stop_no_picture(put):
    whole = saved(TONES.convert("RGB"), "JPEG", exif=exif(6))
    begins, ends = whole.index(b"Exif"), whole.index(b"Exif") + len(exif(6))
    chance = random.Random(7)

    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(begins + 6, ends)] = chance.choice((0, 255, chance.randrange(256)))
        picture = put(bild__jpg=bytes(data)).use("bild.jpg")

        assert drawn(picture).size == (picture.width, picture.height)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_picture_is_published_or_refused_in_words(put, kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    whole = saved(TONES.convert("RGB"), kind, exif=exif(6), icc_profile=profile)
    chance = random.Random(kind)

    for _ in range(150):
        data = bytearray(whole[: chance.choice((len(whole), chance.randrange(16, len(whole))))])
        for _ in range(chance.choice((0, 1, 5, 30))):
            data[chance.randrange(16, len(data))] = chance.choice((0, 255, chance.randrange(256)))
        pictures = put(bild__jpg=bytes(data))
        told = pictures.unfit("bild.jpg", "Folk")

        assert told.startswith("Bilden ”bild.jpg” ") if told else drawn(pictures.use("bild.jpg")).mode == "RGB"


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("1", "PNG", {}),
        ("1", "PNG", {"transparency": 0}),
        ("L", "JPEG", {}),
        ("L", "PNG", {"transparency": 7}),
        ("LA", "PNG", {}),
        ("P", "PNG", {"transparency": 3}),
        ("P", "PNG", {"transparency": bytes(range(256))}),
        ("RGB", "PNG", {"transparency": (1, 2, 3)}),
        ("RGBA", "PNG", {}),
        ("RGBA", "WEBP", {}),
        ("RGBA", "AVIF", {}),
        ("CMYK", "JPEG", {}),
        ("I;16", "PNG", {}),
    ],
)
def test_every_kind_of_pixels_is_published_in_every_format(put, mode, kind, options):
    image = TONES.convert("I;16") if mode == "I;16" else TONES.convert("RGB").convert(mode)

    picture = put(bild__png=saved(image, kind, **options)).use("bild.png")

    for wanted in FORMATS:
        with Image.open(io.BytesIO(encoded(drawn(picture), wanted))) as shown:
            assert (shown.mode, shown.size) == ("RGB", (48, 32))


def test_grey_in_sixteen_bits_keeps_its_tones(put):
    ramp = Image.new("I;16", (256, 4))
    for x in range(256):
        ramp.paste(x * 257, (x, 0, x + 1, 4))

    tones = [
        drawn(put(ramp__png=saved(ramp, "PNG")).use("ramp.png")).getpixel((x, 2))[0] for x in (0, 64, 128, 192, 255)
    ]

    assert tones == [0, 64, 128, 192, 255]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((1080, 16_384), "är för hög: 1080 × 16384 bildpunkter. Dela den i flera bilder."),
        ((1080, 46_000), "är för hög: 1080 × 46000 bildpunkter. Dela den i flera bilder."),
        ((5_000, 10_001), "har fler än 50 miljoner bildpunkter. Spara om den mindre."),
    ],
)
def test_what_no_format_has_room_for_is_refused(put, size, words):
    pictures = put(lang__png=saved(Image.new("1", size), "PNG"))

    assert pictures.unfit("lang.png", "Lista") == f"Bilden ”lang.png” {words}"


@pytest.mark.parametrize("size", [(4, 16_383), (60_000, 1), (1, 1)])
def test_an_odd_shape_with_room_in_every_format_is_published(put, size):
    picture = put(smal__png=saved(Image.new("1", size), "PNG")).use("smal.png")

    made = [Image.open(io.BytesIO(job.run())).size for job in picture.jobs()]

    assert set(made) == {(width, max(round(size[1] * width / size[0]), 1)) for width in picture.widths}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "av slaget HEIC, som många webbläsare inte kan visa. Exportera den"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "av slaget HEIC, som många webbläsare inte kan visa. Exportera den"),
        (b"II*\0\x08", "av slaget TIFF. Spara den som JPEG. Mac: öppna den i Förhandsvisning"),
        (b"GIF89a", "av slaget GIF. Spara den som JPEG."),
        (b"BM\0\0", "av slaget BMP. Spara den som JPEG."),
        (b"\0\0\0\x0cjP  \r\n", "av slaget JPEG 2000. Spara den som JPEG."),
        (b"%PDF-1.7", "en PDF. Ta en skärmbild av den"),
        (b"8BPS\0\1", "en Photoshop-fil. Öppna den i Photoshop"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg>", "en ritning (SVG). Öppna den i programmet"),
        (b"<!DOCTYPE html><html>", "en webbsida. Högerklicka på bilden"),
        (b"PK\3\4word", "ett dokument eller en zip-fil. Öppna den, spara bilden"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "en film eller ett ljud. Ta en skärmbild"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "en råfil från en kamera. Exportera den som JPEG."),
        (b"", "tom. Lägg dit filen igen."),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_bytes_with_what_to_do(put, data, words):
    told = put(bild__jpg=data).unfit("bild.jpg", "Folk")

    assert told.startswith(f"Bilden ”bild.jpg” är {words}")


def test_heic_is_explained_for_mac_and_iphone(put):
    told = put(IMG_1234__HEIC=b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unfit("IMG_1234.HEIC", "Folk")

    assert told == (
        "Bilden ”IMG_1234.HEIC” är av slaget HEIC, som många webbläsare inte kan visa. Exportera den som JPEG i "
        "Förhandsvisning på en Mac (Arkiv > Exportera). På en iPhone: välj Inställningar > Kamera > Format > Mest kompatibelt, "
        "så blir nya bilder JPEG."
    )


def test_a_text_that_unfolds_to_too_much_is_refused(put):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 3_000_000, zip=True)

    told = put(bomb__png=saved(TONES, "PNG", pnginfo=text)).unfit("bomb.png", "Folk")

    assert told == f"Bilden ”bomb.png” {UNREADABLE}"


def test_a_png_without_its_palette_is_refused_in_words(put):
    whole = saved(Image.new("P", (4, 4)), "PNG")
    start = whole.index(b"PLTE") - 4
    length = int.from_bytes(whole[start : start + 4], "big")

    pictures = put(bild__png=whole[:start] + whole[start + 12 + length :])

    assert "går inte att läsa" in pictures.unfit("bild.png", "en bild")


def test_nothing_but_the_pixels_is_published(put):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    xmp, rgb = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", TONES.convert("RGB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pictures = put(
        a__jpg=saved(rgb, "JPEG", exif=exif(), xmp=xmp, comment=SECRET, icc_profile=profile),
        b__png=saved(rgb, "PNG", exif=exif(), pnginfo=text, icc_profile=profile),
        c__webp=saved(rgb, "WEBP", exif=exif(), xmp=xmp, icc_profile=profile),
        d__avif=saved(rgb, "AVIF", exif=exif(), xmp=xmp, icc_profile=profile),
    )

    made = {(name, job.kind): job.run() for name in pictures.unused() for job in pictures.use(name).jobs()}

    assert len(made) == 12
    for data in made.values():
        assert SECRET not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert not {"icc_profile", "xmp", "exif", "comment", "XML:com.adobe.xmp", "Comment"} & set(image.info)
