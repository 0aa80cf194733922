"""Write the pictures of this folder and what Pillow reads from them (expected.txt).

Run by hand with Pillow 13.0.0; the tests only read its results. Lines of expected.txt: file, width,
height, CRC-32 of numpy.asarray(ImageOps.exif_transpose(Image.open(file)).convert("RGB")). For 16-bit
grey, which Pillow clips, the expectation is the high byte.
"""
import struct
import zlib
import numpy as np
from PIL import Image, ImageCms, ImageOps

H, W = 20, 24
y, x = np.mgrid[0:H, 0:W]
rgb = np.stack([(x * 7 + y * 3) % 256, (x * y) % 256, (255 - x * 5 - y) % 256], -1).astype(np.uint8)
grey = ((x * 9 + y * 5) % 256).astype(np.uint8)
picture = Image.fromarray(rgb)
lines = []


def note(name, expected=None):
    if expected is None:
        expected = np.asarray(ImageOps.exif_transpose(Image.open(name)).convert("RGB"))
    lines.append(f"{name} {expected.shape[1]} {expected.shape[0]} {zlib.crc32(expected.tobytes())}")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, bits, colour, rows, before=b""):
    h, w = len(rows), W
    body = zlib.compress(b"".join(b"\0" + r for r in rows))
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, 0)))
        f.write(before + chunk(b"IDAT", body) + chunk(b"IEND", b""))


picture.save("rgb.png"); note("rgb.png")
rgba = np.dstack([rgb, (x * 10).astype(np.uint8)])
Image.fromarray(rgba).save("alpha.png"); note("alpha.png")
Image.fromarray(grey).save("grey.png"); note("grey.png")
Image.fromarray(np.dstack([grey, 255 - grey]), "LA").save("grey_alpha.png"); note("grey_alpha.png")
picture.quantize(16).save("palette.png"); note("palette.png")
picture.quantize(4).save("palette_alpha.png", transparency=1); note("palette_alpha.png")
Image.fromarray(grey > 99).save("one_bit.png"); note("one_bit.png")
wide = (x * 2111 + y * 977).astype(">u2")
png("grey16.png", 16, 0, [r.tobytes() for r in wide]); note("grey16.png", np.dstack([wide >> 8] * 3).astype(np.uint8))
deep = np.dstack([wide, wide[::-1], wide[:, ::-1]]).astype(">u2")
png("rgb16.png", 16, 2, [r.tobytes() for r in deep]); note("rgb16.png")
two = (x + y) % 4
png("grey2.png", 2, 0, [bytes(sum(int(v) << (6 - 2 * i) for i, v in enumerate(r[k:k + 4])) for k in range(0, W, 4)) for r in two]); note("grey2.png")
bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 20_000_000, 9))
palette = chunk(b"PLTE", bytes(range(48)))
png("palette_text_bomb.png", 8, 3, [bytes(int(v) % 16 for v in r) for r in x + y], bomb + palette)
note("palette_text_bomb.png", (np.stack([3 * ((x + y) % 16) + k for k in range(3)], -1)).astype(np.uint8))
picture.save("rgb.bmp"); note("rgb.bmp")
Image.fromarray(grey).save("grey.bmp"); note("grey.bmp")
picture.save("rgb.gif"); note("rgb.gif")
picture.save("rgb.jpg", quality=90); note("rgb.jpg")
picture.save("progressive.jpg", quality=80, progressive=True, subsampling=0); note("progressive.jpg")
Image.fromarray(grey).save("grey.jpg", quality=90); note("grey.jpg")
picture.convert("CMYK").save("cmyk.jpg", quality=90); note("cmyk.jpg")
picture.save("profile.jpg", quality=90, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()); note("profile.jpg")
for n in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = n
    picture.save(f"exif{n}.jpg", quality=90, subsampling=0, exif=exif); note(f"exif{n}.jpg")
exif[0x0112] = 6
picture.save("exif6.png", exif=exif); note("exif6.png")
# colours without a JFIF segment, as cameras write them: only EXIF is left
whole = open("exif3.jpg", "rb").read()
at = whole.index(b"\xff\xe0")
size = struct.unpack(">H", whole[at + 2:at + 4])[0]
open("exif_only.jpg", "wb").write(whole[:at] + whole[at + 2 + size:]); note("exif_only.jpg")
picture.crop((0, 0, 1, 1)).save("single.png"); note("single.png")
open("expected.txt", "w").write("\n".join(lines) + "\n")

# what Image.resize gives, for ResamplingTest; in two steps, for Pillow 13 begins with the columns where
# that is quicker (24x20 to 33x5), which earlier ones never did: at most one level apart
for size in (10, 7), (24, 50), (100, 20), (1, 1), (33, 5):
    for name, how in ("BILINEAR", Image.BILINEAR), ("BICUBIC", Image.BICUBIC):
        print(f'"{name}, {size[0]}, {size[1]}, {zlib.crc32(picture.resize((size[0], H), how).resize(size, how).tobytes())}",')
print("luma", zlib.crc32(picture.convert("L").tobytes()))

# what Preprocessing shows and computes, for PreprocessingTest: crop to 16x16 by torchvision's rules
small = picture.resize((21, 18), Image.BILINEAR).crop((2, 1, 18, 17))  # round(2.5) is 2
print("crop", zlib.crc32(small.tobytes()))
boxed = Image.new("RGB", (16, 16), (128, 128, 128))
boxed.paste(picture.resize((16, 13), Image.BILINEAR), (0, 1))  # 20*16//24 rows, (16-13)//2 above
print("letterbox", zlib.crc32(boxed.tobytes()))
cubic = picture.resize((21, 18), Image.BICUBIC).crop((2, 1, 18, 17))
print("crop,bicubic", zlib.crc32(cubic.tobytes()))
print("stretch,bicubic", zlib.crc32(picture.resize((16, 16), Image.BICUBIC).tobytes()))
boxed_cubic = Image.new("RGB", (16, 16), (128, 128, 128))
boxed_cubic.paste(picture.resize((16, 13), Image.BICUBIC), (0, 1))
print("letterbox,bicubic", zlib.crc32(boxed_cubic.tobytes()))
values = np.asarray(small, np.float32)
for name, a in (
    ("torch", (values / np.float32(255) - np.float32([.485, .456, .406])) / np.float32([.229, .224, .225])),
    ("tf", values / np.float32(127.5) - np.float32(1)),
    ("caffe", values[..., ::-1] - np.float32([103.939, 116.779, 123.68])),
    ("unit", values / np.float32(255)),
    ("none,mean=127:127:127,std=128:128:128", (values - np.float32(127)) / np.float32(128)),
    ("tf,grey", np.asarray(picture.convert("L").resize((21, 18), Image.BILINEAR).crop((2, 1, 18, 17)), np.float32)[..., None] / np.float32(127.5) - np.float32(1)),
):
    assert a.dtype == np.float32
    print(name, zlib.crc32(a.transpose(2, 0, 1).tobytes()), zlib.crc32(a.tobytes()))
