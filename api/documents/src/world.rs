//! The small world Typst compiles in: five embedded faces, our templates and
//! the virtual files of one document. Nothing outside the program is read.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const FACES: [&[u8]; 5] = [
    include_bytes!("../fonts/SourceSans3_400Regular.ttf"),
    include_bytes!("../fonts/SourceSans3_400Regular_Italic.ttf"),
    include_bytes!("../fonts/SourceSans3_600SemiBold.ttf"),
    include_bytes!("../fonts/SourceSans3_700Bold.ttf"),
    include_bytes!("../fonts/SourceCodePro_400Regular.ttf"),
];

const TEMPLATES: [(&str, &str); 5] = [
    ("theme.typ", include_str!("../templates/theme.typ")),
    ("results.typ", include_str!("../templates/results.typ")),
    ("report.typ", include_str!("../templates/report.typ")),
    ("audit.typ", include_str!("../templates/audit.typ")),
    ("access-review.typ", include_str!("../templates/access-review.typ")),
];

/// The one table of words in both languages.
pub(crate) const WORDS: &str = include_str!("../templates/words.json");

/// Everything that is the same for all documents, made once per process.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES
        .into_iter()
        .flat_map(|face| Font::iter(Bytes::new(face)))
        .collect();
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        sources: TEMPLATES
            .into_iter()
            .filter_map(|(name, text)| Some(Source::new(file_id(name)?, text.to_owned())))
            .collect(),
    }
});

/// Interned ids are never freed and there are 65,535 of them, so only names
/// from a small fixed set may come here; never one from a document's data.
fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// True when one of the faces can draw it. Typst refuses PDF/A when a glyph is
/// missing, and private-use characters have no meaning in an archive.
pub(crate) fn drawable(c: char) -> bool {
    let private = matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF);
    !private && SHARED.fonts.iter().any(|f| f.info().coverage.contains(u32::from(c)))
}

/// One document's world: a template and the virtual files it reads.
pub(crate) struct DocumentWorld {
    main: FileId,
    files: Vec<(FileId, Bytes)>,
}

impl DocumentWorld {
    /// `main` is one of the templates; each file's name is from a fixed set.
    pub(crate) fn new(main: &str, files: Vec<(&str, Vec<u8>)>) -> Option<Self> {
        let mut known = vec![(file_id("words.json")?, Bytes::from_string(WORDS))];
        for (name, bytes) in files {
            known.push((file_id(name)?, Bytes::new(bytes)));
        }
        Some(Self {
            main: file_id(main)?,
            files: known,
        })
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SHARED
            .sources
            .iter()
            .find(|s| s.id() == id)
            .cloned()
            .ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    /// No clock: a document's dates come with its data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
