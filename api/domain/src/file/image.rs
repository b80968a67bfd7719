//! Pictures, told by their structure and not by their first letters alone: what begins as one must be one to its end.
//!
//! Their bytes are never changed: a photograph is evidence, with the place and the time that a phone may have written into it.

use super::{FileKind, FileRefusal, contains, field};

/// The kind of picture; nothing when it begins as none.
pub(super) fn kind(content: &[u8]) -> Result<Option<FileKind>, FileRefusal> {
    let whole = |fits: Option<()>, kind: FileKind, name: &'static str| {
        fits.map(|()| Some(kind)).ok_or(FileRefusal::Damaged(name))
    };
    match content {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', chunks @ ..] => png(chunks).map(|()| Some(FileKind::Png)),
        [0xff, 0xd8, 0xff, ..] => whole(jpeg(content), FileKind::Jpeg, "JPEG"),
        [b'R', b'I', b'F', b'F', ..] => whole(webp(content), FileKind::WebP, "WebP"),
        [b'I', b'I', 42, 0, ..] => whole(
            tiff(content, u16::from_le_bytes, u32::from_le_bytes),
            FileKind::Tiff,
            "TIFF",
        ),
        [b'M', b'M', 0, 42, ..] => whole(
            tiff(content, u16::from_be_bytes, u32::from_be_bytes),
            FileKind::Tiff,
            "TIFF",
        ),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => heic(content),
        _ => Ok(None),
    }
}

/// Chunks from the header to the end chunk, and nothing behind it (PNG, 5.3 and 5.6).
fn png(mut rest: &[u8]) -> Result<(), FileRefusal> {
    let mut first = true;
    loop {
        let chunk = field::<4>(rest, 0).zip(field::<4>(rest, 4));
        let (length, kind) = chunk.ok_or(FileRefusal::Damaged("PNG"))?;
        if first != (&kind == b"IHDR") {
            return Err(FileRefusal::Damaged("PNG"));
        }
        first = false;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        rest = rest
            .get(length.saturating_add(12)..)
            .ok_or(FileRefusal::Damaged("PNG"))?;
        if &kind == b"IEND" {
            return if rest.is_empty() {
                Ok(())
            } else {
                Err(FileRefusal::TwoThings("PNG picture"))
            };
        }
    }
}

/// Segments up to the first scan, and an end mark behind it. Phones append previews and moving pictures of their own: what
/// follows the end mark is left to the look for archives.
fn jpeg(content: &[u8]) -> Option<()> {
    const SCAN: u8 = 0xda;
    let mut place = 2usize;
    loop {
        match field::<2>(content, place)? {
            // Filling before a marker.
            [0xff, 0xff] => place = place.saturating_add(1),
            [0xff, marker @ 0xc0..=0xfe] if !(0xd0..=0xd9).contains(&marker) => {
                let length = usize::from(u16::from_be_bytes(field(content, place.saturating_add(2))?));
                if length < 2 {
                    return None;
                }
                place = place.saturating_add(2).saturating_add(length);
                if marker == SCAN {
                    return contains(content.get(place..)?, b"\xff\xd9").then_some(());
                }
            }
            _ => return None,
        }
    }
}

/// A container of the length it names, with one of the three codings (RFC 9649).
fn webp(content: &[u8]) -> Option<()> {
    let length = usize::try_from(u32::from_le_bytes(field(content, 4)?)).ok()?;
    let coded = field::<4>(content, 12)?;
    let fits = content.get(8..12)? == b"WEBP"
        && [b"VP8 ", b"VP8L", b"VP8X"].contains(&&coded)
        && length.checked_add(8) == Some(content.len());
    fits.then_some(())
}

/// A first directory that lies within the file (TIFF 6.0, section 2).
fn tiff(content: &[u8], short: fn([u8; 2]) -> u16, long: fn([u8; 4]) -> u32) -> Option<()> {
    let place = usize::try_from(long(field(content, 4)?)).ok()?;
    let entries = usize::from(short(field(content, place)?));
    let end = place.checked_add(6)?.checked_add(entries.checked_mul(12)?)?;
    (place >= 8 && entries > 0 && end <= content.len()).then_some(())
}

/// Boxes to the very end, the first of them naming a still picture in HEVC (ISO/IEC 23008-12). Films have the same beginning,
/// and are not taken.
fn heic(content: &[u8]) -> Result<Option<FileKind>, FileRefusal> {
    const STILL: [&[u8]; 4] = [b"heic", b"heix", b"heim", b"heis"];
    let length = field(content, 0).map_or(0, u32::from_be_bytes);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let brands = content.get(8..length).unwrap_or_default();
    if !brands.chunks(4).any(|brand| STILL.contains(&brand)) {
        return Ok(None);
    }
    boxes(content)
        .map(|()| Some(FileKind::Heic))
        .ok_or(FileRefusal::Damaged("HEIC"))
}

/// Whether boxes follow one another to the end (ISO/IEC 14496-12, 4.2), with the one among them that describes the picture.
fn boxes(mut rest: &[u8]) -> Option<()> {
    let mut described = false;
    while !rest.is_empty() {
        described |= &field::<4>(rest, 4)? == b"meta";
        let length = match u32::from_be_bytes(field(rest, 0)?) {
            0 => rest.len(),
            1 => usize::try_from(u64::from_be_bytes(field(rest, 8)?)).ok()?,
            length => usize::try_from(length).ok()?,
        };
        if length < 8 {
            return None;
        }
        rest = rest.get(length..)?;
    }
    described.then_some(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [length.as_slice(), kind, data, &[0; 4]].concat()
    }

    fn png_file() -> Vec<u8> {
        let chunks = [chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunks].concat()
    }

    fn heic_file() -> Vec<u8> {
        [b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic".as_slice(), b"\0\0\0\x0cmetaabcd"].concat()
    }

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x04JF\xff\xda\0\x02scan\xff\xd9";
    const TIFF: &[u8] = b"II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    const WEBP: &[u8] = b"RIFF\x08\0\0\0WEBPVP8 ";

    #[test]
    fn a_picture_is_one_to_its_end_att_35() {
        assert_eq!(kind(&png_file()), Ok(Some(FileKind::Png)));
        assert_eq!(kind(&heic_file()), Ok(Some(FileKind::Heic)));
        assert_eq!(kind(JPEG), Ok(Some(FileKind::Jpeg)));
        assert_eq!(kind(WEBP), Ok(Some(FileKind::WebP)));
        assert_eq!(kind(TIFF), Ok(Some(FileKind::Tiff)));
        let page = [png_file().as_slice(), b"<script>alert(1)</script>"].concat();
        assert_eq!(kind(&page), Err(FileRefusal::TwoThings("PNG picture")));
        assert_eq!(
            kind(b"\x89PNG\r\n\x1a\n<html></html>"),
            Err(FileRefusal::Damaged("PNG"))
        );
        assert_eq!(kind(b"RIFF\x08\0\0\0WAVEfmt "), Err(FileRefusal::Damaged("WebP")));
        assert_eq!(kind(b"\0\0\0\x18ftypisom\0\0\0\0isommp41"), Ok(None), "a film");
    }

    #[test]
    fn whatever_is_cut_off_is_damaged_and_nothing_panics_att_35() {
        for whole in [png_file(), heic_file(), JPEG.to_vec(), TIFF.to_vec(), WEBP.to_vec()] {
            for length in 0..whole.len() {
                assert!(!matches!(kind(&whole[..length]), Ok(Some(_))), "{length} of {whole:?}");
            }
        }
    }
}
