//! The wrapper around a format's reader: objects are maps and nothing else, and what was meant is noted where it fails.

use super::Told;
use super::moment::{date, time, wrong_date, wrong_time};
use serde::de::{DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

const OBJECT: &str = "write an object: names and values in { }";
const LIST: &str = "write a list: values in [ ]";
const TEXT: &str = "write a text in quotes";
const WHOLE: &str = "write a whole number without quotes";
const NUMBER: &str = "write a number without quotes";
const FLAG: &str = "write true or false";
const ID: &str = "write an id like 0197b1e2-5c3a-7f00-8000-1a2b3c4d5e6f";
const DECIMAL: &str = "write a decimal number as a text with a point, like \"0.050\"";

/// What a visitor that calls itself this reads from a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Id,
    Time,
    Date,
    Decimal,
}

impl Kind {
    fn of(visitor: &dyn Expected) -> Self {
        let expected = visitor.to_string();
        if expected.contains("UUID") {
            Self::Id
        } else if expected.contains("date and time") {
            Self::Time
        } else if expected.contains("date string") {
            Self::Date
        } else if expected == crate::decimal::EXPECTED {
            Self::Decimal
        } else {
            Self::Text
        }
    }

    /// What would be right; nothing where a text may still be refused in words of its own.
    const fn words(self) -> &'static str {
        match self {
            Self::Text => TEXT,
            Self::Id => ID,
            Self::Time => time(),
            Self::Date => date(),
            Self::Decimal => DECIMAL,
        }
    }
}

/// A reader that is held to its word.
pub(super) struct Strict<'t, D> {
    inner: D,
    told: &'t Told,
}

impl<'t, D> Strict<'t, D> {
    pub(super) fn new(inner: D, told: &'t Told) -> Self {
        Self { inner, told }
    }
}

/// A visitor on its way down: what it is given is strict again.
struct Watched<'t, V> {
    visitor: V,
    told: &'t Told,
    /// Set when a value of the kind that was meant was found; what fails after that is not its kind.
    entered: &'t Cell<bool>,
    /// Of texts.
    kind: Kind,
}

impl<'de, D: Deserializer<'de>> Strict<'_, D> {
    /// Reads by `how`; `meant` is noted when nothing of the kind was there.
    fn kind_of<V: Visitor<'de>>(
        self,
        visitor: V,
        kind: Kind,
        meant: &str,
        how: impl FnOnce(D, Watched<'_, V>) -> Result<V::Value, D::Error>,
    ) -> Result<V::Value, D::Error> {
        let entered = Cell::new(false);
        let watched = Watched {
            visitor,
            told: self.told,
            entered: &entered,
            kind,
        };
        how(self.inner, watched).inspect_err(|_error| {
            if !entered.get() {
                self.told.note("invalid", meant);
            }
        })
    }
}

/// Kinds of value that are one and are not taken apart.
macro_rules! plain {
    ($($method:ident: $meant:expr,)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(visitor).inspect_err(|_error| self.told.note("invalid", $meant))
        }
    )+};
}

/// Passed through: what these read is judged elsewhere.
macro_rules! through {
    ($($method:ident),+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(visitor)
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    plain! {
        deserialize_bool: FLAG,
        deserialize_i8: WHOLE, deserialize_i16: WHOLE, deserialize_i32: WHOLE, deserialize_i64: WHOLE, deserialize_i128: WHOLE,
        deserialize_u8: WHOLE, deserialize_u16: WHOLE, deserialize_u32: WHOLE, deserialize_u64: WHOLE, deserialize_u128: WHOLE,
        deserialize_f32: NUMBER, deserialize_f64: NUMBER,
        deserialize_char: TEXT,
    }

    through!(
        deserialize_any,
        deserialize_identifier,
        deserialize_ignored_any,
        deserialize_unit,
        deserialize_bytes,
        deserialize_byte_buf
    );

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let kind = Kind::of(&visitor);
        self.kind_of(visitor, kind, kind.words(), |inner, watched| {
            inner.deserialize_str(watched)
        })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let kind = Kind::of(&visitor);
        self.kind_of(visitor, kind, kind.words(), |inner, watched| {
            inner.deserialize_string(watched)
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let entered = Cell::new(true);
        self.inner.deserialize_option(Watched {
            visitor,
            told: self.told,
            entered: &entered,
            kind: Kind::Text,
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let entered = Cell::new(true);
        let watched = Watched {
            visitor,
            told: self.told,
            entered: &entered,
            kind: Kind::Text,
        };
        self.inner.deserialize_newtype_struct(name, watched)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.kind_of(visitor, Kind::Text, LIST, |inner, watched| {
            inner.deserialize_seq(watched)
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.kind_of(visitor, Kind::Text, LIST, |inner, watched| {
            inner.deserialize_tuple(len, watched)
        })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.kind_of(visitor, Kind::Text, LIST, |inner, watched| {
            inner.deserialize_tuple_struct(name, len, watched)
        })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.kind_of(visitor, Kind::Text, OBJECT, |inner, watched| {
            inner.deserialize_map(watched)
        })
    }

    /// As a map: a reader asked for a struct would also take a list of its values.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .deserialize_enum(name, variants, visitor)
            .inspect_err(|_error| {
                self.told
                    .note("invalid", format!("must be one of: {}", variants.join(", ")));
            })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Values of other kinds, handed on as they are.
macro_rules! handed {
    ($($method:ident: $type:ty,)+) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )+};
}

impl<V> Watched<'_, V> {
    /// Judges a text before the type behind it does, which would be content with the year 30.
    fn text<'de, E: Error>(self, text: &str, hand_on: impl FnOnce(V) -> Result<V::Value, E>) -> Result<V::Value, E>
    where
        V: Visitor<'de>,
    {
        self.entered.set(true);
        let wrong = match self.kind {
            Kind::Time => wrong_time(text),
            Kind::Date => wrong_date(text),
            _ => None,
        };
        if let Some((code, message)) = wrong {
            self.told.note(code, message);
            return Err(E::custom("no such time"));
        }
        let (told, kind) = (self.told, self.kind);
        hand_on(self.visitor).inspect_err(|_error| {
            if kind != Kind::Text {
                told.note("invalid", kind.words());
            }
        })
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(out)
    }

    handed! {
        visit_bool: bool,
        visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128,
        visit_f32: f32, visit_f64: f64,
        visit_char: char,
        visit_bytes: &[u8], visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8>,
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.text(text, |visitor| visitor.visit_str(text))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.text(text, |visitor| visitor.visit_borrowed_str(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        self.text(&text.clone(), |visitor| visitor.visit_string(text))
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Strict::new(inner, self.told))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Strict::new(inner, self.told))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.entered.set(true);
        self.visitor.visit_seq(Inside { inner, told: self.told })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.entered.set(true);
        self.visitor.visit_map(Inside { inner, told: self.told })
    }
}

/// The inside of a list or an object, and one value on its way out of it.
struct Inside<'t, I> {
    inner: I,
    told: &'t Told,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Inside<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Strict::new(inner, self.told))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Inside<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(Inside {
            inner: seed,
            told: self.told,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Inside<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(Inside {
            inner: seed,
            told: self.told,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
