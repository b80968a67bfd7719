//! The incremental update that carries a signature (ISO 32000-1, 7.5.6, 12.8).

use std::ops::Range;

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::pdf_syntax::{append, date_string, text_string, write_object};
use super::{SignError, SignatureInfo};

/// Hex digits kept for the signature: enough for a chain of several
/// certificates and, at level B-T, a time-stamp token.
const SIGNATURE_ROOM: usize = 16_384;

/// Widget flags: Print and Locked (12.5.3). A widget without area is not
/// rendered, and its description is in `/TU`.
const PRINT_AND_LOCKED: i64 = 132;

/// SignaturesExist and AppendOnly (12.7.2).
const SIG_FLAGS: i64 = 3;

/// A signed file whose signature value is still zeros.
pub(super) struct Revision {
    bytes: Vec<u8>,
    /// The hex string of `/Contents` with its angle brackets: what the
    /// signature does not cover.
    hole: Range<usize>,
}

impl Revision {
    /// Writes the new revision behind the document and fills in its ByteRange.
    pub(super) fn prepare(pdf: &[u8], info: &SignatureInfo) -> Result<Self, SignError> {
        let document = Document::load_mem(pdf)?;
        if document.is_encrypted() {
            return Err(SignError::Document("it is encrypted".into()));
        }
        if !matches!(
            document.reference_table.cross_reference_type,
            XrefType::CrossReferenceTable
        ) {
            return Err(SignError::Document("it has no classic cross-reference table".into()));
        }
        let mut update = Update::new(pdf, &document)?;
        let (signature_id, widget_id) = (update.fresh_id(), update.fresh_id());

        let catalog_id = document.trailer.get(b"Root")?.as_reference()?;
        let (catalog, field_number) = catalog_with_field(&document, widget_id)?;
        let page_id = document
            .page_iter()
            .next()
            .ok_or_else(|| SignError::Document("it has no pages".into()))?;
        let page = page_with_annotation(&document, page_id, widget_id)?;
        let widget = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Sig",
            "T" => text_string(&format!("Signature{field_number}")),
            "TU" => text_string(&format!("{}: {}", info.name, info.reason)),
            "V" => signature_id,
            "F" => PRINT_AND_LOCKED,
            "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
            "P" => page_id,
        };

        update.object(catalog_id, &Object::Dictionary(catalog));
        update.object(page_id, &Object::Dictionary(page));
        update.object(widget_id, &Object::Dictionary(widget));
        let holes = update.signature_dictionary(signature_id, info);
        let mut bytes = update.finish(&document)?;
        let hole = holes.contents;
        fill_byte_range(&mut bytes, holes.byte_range, &hole)?;
        Ok(Self { bytes, hole })
    }

    /// SHA-256 of what the signature covers.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.bytes.get(..self.hole.start).unwrap_or_default());
        hasher.update(self.bytes.get(self.hole.end..).unwrap_or_default());
        hasher.finalize().into()
    }

    /// Puts the signature into the room kept for it.
    pub(super) fn embed(&mut self, signature: &[u8]) -> Result<Vec<u8>, SignError> {
        let digits = hex::encode_upper(signature);
        if digits.len() > SIGNATURE_ROOM {
            return Err(SignError::Structure(format!("{} bytes do not fit", signature.len())));
        }
        let start = self.hole.start + 1;
        let room = self.bytes.get_mut(start..start + digits.len());
        room.ok_or_else(|| SignError::Structure("no room for the signature".into()))?
            .copy_from_slice(digits.as_bytes());
        Ok(std::mem::take(&mut self.bytes))
    }
}

/// Where the two values that depend on the finished file stand.
struct Holes {
    byte_range: Range<usize>,
    contents: Range<usize>,
}

/// The bytes being written, and where each object began.
struct Update {
    out: Vec<u8>,
    offsets: Vec<(ObjectId, usize)>,
    next_number: u32,
}

impl Update {
    fn new(pdf: &[u8], document: &Document) -> Result<Self, SignError> {
        let size = document.trailer.get(b"Size")?.as_i64()?;
        let next_number = u32::try_from(size).map_err(|e| SignError::Document(e.to_string()))?;
        let mut out = Vec::with_capacity(pdf.len() + SIGNATURE_ROOM + 4_096);
        out.extend_from_slice(pdf);
        out.push(b'\n');
        Ok(Self {
            out,
            offsets: Vec::new(),
            next_number,
        })
    }

    fn fresh_id(&mut self) -> ObjectId {
        let number = self.next_number;
        self.next_number += 1;
        (number, 0)
    }

    fn begin(&mut self, id: ObjectId) {
        self.offsets.push((id, self.out.len()));
        append(&mut self.out, format_args!("{} {} obj\n", id.0, id.1));
    }

    fn object(&mut self, id: ObjectId, object: &Object) {
        self.begin(id);
        write_object(&mut self.out, object);
        self.out.extend_from_slice(b"\nendobj\n");
    }

    /// Room for the ByteRange is wide enough for files up to 10 GB.
    fn signature_dictionary(&mut self, id: ObjectId, info: &SignatureInfo) -> Holes {
        self.begin(id);
        self.out
            .extend_from_slice(b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached");
        for (key, value) in [
            ("/M ", date_string(info.at)),
            ("/Name ", text_string(&info.name)),
            ("/Reason ", text_string(&info.reason)),
            ("/Location ", text_string(&info.location)),
        ] {
            self.out.extend_from_slice(key.as_bytes());
            write_object(&mut self.out, &value);
        }
        self.out.extend_from_slice(b"/ByteRange ");
        let byte_range = self.room(b'[', b' ', 4 + 3 * 10, b']');
        self.out.extend_from_slice(b"/Contents ");
        let contents = self.room(b'<', b'0', SIGNATURE_ROOM, b'>');
        self.out.extend_from_slice(b">>\nendobj\n");
        Holes { byte_range, contents }
    }

    fn room(&mut self, open: u8, filler: u8, width: usize, close: u8) -> Range<usize> {
        let start = self.out.len();
        self.out.push(open);
        self.out.resize(start + 1 + width, filler);
        self.out.push(close);
        start..self.out.len()
    }

    /// Cross-reference table and trailer. The first half of `/ID` names the
    /// document and stays, the second names the revision and changes (14.4).
    fn finish(mut self, document: &Document) -> Result<Vec<u8>, SignError> {
        let mut trailer = document.trailer.clone();
        let permanent = document.trailer.get(b"ID").and_then(Object::as_array)?.first().cloned();
        let revision = Sha256::digest(&self.out).iter().copied().take(16).collect();
        trailer.set("Size", i64::from(self.next_number));
        trailer.set("Prev", offset_number(document.xref_start)?);
        if let Some(permanent) = permanent {
            trailer.set(
                "ID",
                vec![permanent, Object::String(revision, StringFormat::Hexadecimal)],
            );
        }

        let table_start = self.out.len();
        self.out.extend_from_slice(b"xref\n");
        self.offsets.sort_by_key(|(id, _)| *id);
        for ((number, generation), offset) in &self.offsets {
            append(
                &mut self.out,
                format_args!("{number} 1\n{offset:010} {generation:05} n \n"),
            );
        }
        self.out.extend_from_slice(b"trailer\n");
        write_object(&mut self.out, &Object::Dictionary(trailer));
        append(&mut self.out, format_args!("\nstartxref\n{table_start}\n%%EOF\n"));
        Ok(self.out)
    }
}

fn offset_number(offset: usize) -> Result<i64, SignError> {
    i64::try_from(offset).map_err(|e| SignError::Document(e.to_string()))
}

fn resolved<'a>(document: &'a Document, object: &'a Object) -> Result<&'a Object, SignError> {
    Ok(document.dereference(object)?.1)
}

/// The catalog with one more signature field, and that field's number from 1.
fn catalog_with_field(document: &Document, widget: ObjectId) -> Result<(Dictionary, usize), SignError> {
    let mut catalog = document.catalog()?.clone();
    let mut form = match catalog.get(b"AcroForm") {
        Ok(form) => resolved(document, form)?.as_dict()?.clone(),
        Err(_absent) => Dictionary::new(),
    };
    let mut fields = match form.get(b"Fields") {
        Ok(fields) => resolved(document, fields)?.as_array()?.clone(),
        Err(_absent) => Vec::new(),
    };
    fields.push(widget.into());
    let number = fields.len();
    form.set("Fields", fields);
    form.set("SigFlags", SIG_FLAGS);
    catalog.set("AcroForm", form);

    let mut extensions = match catalog.get(b"Extensions") {
        Ok(extensions) => resolved(document, extensions)?.as_dict()?.clone(),
        Err(_absent) => Dictionary::new(),
    };
    // Announces the PAdES structures (ETSI EN 319 142-1, 5.6).
    extensions.set("ESIC", dictionary! { "BaseVersion" => "1.7", "ExtensionLevel" => 1 });
    catalog.set("Extensions", extensions);
    Ok((catalog, number))
}

fn page_with_annotation(document: &Document, page: ObjectId, widget: ObjectId) -> Result<Dictionary, SignError> {
    let mut page = document.get_dictionary(page)?.clone();
    let mut annotations = match page.get(b"Annots") {
        Ok(annotations) => resolved(document, annotations)?.as_array()?.clone(),
        Err(_absent) => Vec::new(),
    };
    annotations.push(widget.into());
    page.set("Annots", annotations);
    // PDF/UA-1, 7.18.3: tab order follows the structure.
    page.set("Tabs", "S");
    Ok(page)
}

fn fill_byte_range(bytes: &mut [u8], place: Range<usize>, hole: &Range<usize>) -> Result<(), SignError> {
    let text = format!("[0 {} {} {}", hole.start, hole.end, bytes.len() - hole.end);
    let room = bytes
        .get_mut(place.start..place.end - 1)
        .and_then(|room| room.get_mut(..text.len()))
        .ok_or_else(|| SignError::Structure("no room for the byte range".into()))?;
    room.copy_from_slice(text.as_bytes());
    Ok(())
}
