//! What is handed out to be saved, never shown: no page of this origin is made of it, whatever is in it (ATT-35).

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};

/// A browser that shows it all the same shows it in an origin of its own, without scripts and without asking anybody anything.
const HARMLESS: &str = "sandbox; default-src 'none'";

/// Makes the answer one that is saved under this name. The name may hold anything.
pub fn attachment<'a>(answer: &'a mut HttpResponseBuilder, name: &str) -> &'a mut HttpResponseBuilder {
    answer
        .insert_header((CONTENT_DISPOSITION, disposition(name)))
        .insert_header((CONTENT_SECURITY_POLICY, HARMLESS))
}

/// RFC 6266: the name for everybody in ASCII, and for those who read it the name itself (RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|character| if is_harmless(character) { character } else { '_' })
        .collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Not the quotation mark and the backslash, which mean something between quotation marks, nor the percent sign, which some
/// browsers take for the beginning of an encoded character.
fn is_harmless(character: char) -> bool {
    character == ' ' || (character.is_ascii_graphic() && !matches!(character, '"' | '\\' | '%' | ';' | '/'))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn no_name_gets_out_of_its_header_att_35() {
        assert_eq!(
            disposition("Skierowanie – żółć.pdf"),
            "attachment; filename=\"Skierowanie _ ____.pdf\"; filename*=UTF-8''Skierowanie%20%E2%80%93%20%C5%BC%C3%B3%C5%82%C4%87.pdf"
        );
        let wild = disposition("a\"\r\nX-Evil: 1\\;%00/../b.pdf");
        assert_eq!(
            wild,
            "attachment; filename=\"a___X-Evil: 1___00_.._b.pdf\"; filename*=UTF-8''a%22%0D%0AX-Evil%3A%201%5C%3B%2500%2F..%2Fb.pdf"
        );
        assert_eq!(wild.matches('"').count(), 2);
    }
}
