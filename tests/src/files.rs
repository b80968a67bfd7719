//! Files to attach, made byte by byte, and the way to send one.

use std::io::{Cursor, Write};

use crate::api::{Answer, Api, percent_encoded};

/// The smallest photograph that is one from its first segment to its end mark.
pub const JPEG: &[u8] =
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0?\0\x7f\xff\xd9";

/// Attaches a file as a program would: the file is the body, its name a header.
pub fn attach(api: &Api, path: &str, name: &str, content: &[u8]) -> Answer {
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(name));
    api.with("Content-Disposition", &disposition).post_bytes(path, content)
}

/// A document with a line of text in it.
pub fn pdf(line: &str) -> Vec<u8> {
    pdf_of(line, 0)
}

/// A document with so many further bytes in it, which no encoding makes smaller.
pub fn pdf_of(line: &str, more: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise: Vec<u8> = (0..more)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect();
    let mut file = format!("%PDF-1.7\n1 0 obj\n<< /Title ({line}) >>\nendobj\n2 0 obj\n<< /Length {more} >>\nstream\n")
        .into_bytes();
    file.extend(noise);
    file.extend(b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
    file
}

/// A picture of one white point.
pub fn png() -> Vec<u8> {
    let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    let data = [0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1, 1, 0];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", header.as_slice()), (b"IDAT", &data), (b"IEND", &[])] {
        let length = u32::try_from(content.len()).expect("a short chunk");
        let body = [kind.as_slice(), content].concat();
        file.extend(length.to_be_bytes());
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    file
}

/// The check sum of a picture's chunk (PNG, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    })
}

/// An archive of these members, compressed.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in members {
        writer.start_file(*name, options).expect("a member");
        writer.write_all(content).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}
