//! The frame of a backup: a tar archive of plain files with short names, which any tar program reads.
//!
//! Knows nothing of links, folders, modes or owners: an archive with anything but plain files is refused.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
/// The largest size that fits into the eleven octal digits of a header; beyond it the size is written in binary.
const OCTAL_MAX: u64 = 0o777_7777_7777;

/// One file's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) bytes: u64,
}

/// Writes a head; its bytes, and then [`pad`], have to follow.
pub(super) fn write_head(out: &mut impl Write, head: &Head, at_ms: i64) -> io::Result<()> {
    let mut block = [0u8; BLOCK];
    let name = head.name.as_bytes();
    if name.is_empty() || name.len() > 100 {
        return Err(io::Error::other(format!(
            "the name `{}` does not fit into a backup",
            head.name
        )));
    }
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(b"0000600\0");
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    if head.bytes <= OCTAL_MAX {
        block[124..136].copy_from_slice(format!("{:011o}\0", head.bytes).as_bytes());
    } else {
        block[124] = 0x80;
        block[128..136].copy_from_slice(&head.bytes.to_be_bytes());
    }
    let seconds = u64::try_from(at_ms / 1_000).unwrap_or(0).min(OCTAL_MAX);
    block[136..148].copy_from_slice(format!("{seconds:011o}\0").as_bytes());
    block[156] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    let sum = checksum(&block);
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.write_all(&block)
}

/// Fills the last block of a file.
pub(super) fn pad(out: &mut impl Write, bytes: u64) -> io::Result<()> {
    out.write_all(&[0; BLOCK][..padding(bytes)])
}

/// Ends the archive.
pub(super) fn end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])
}

/// The next head, or none at the end of the archive.
pub(super) fn read_head(from: &mut impl Read) -> io::Result<Option<Head>> {
    let mut block = [0u8; BLOCK];
    from.read_exact(&mut block)?;
    if block.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let said = octal(&block[148..156]);
    if said != Some(u64::from(checksum(&block))) || block[156] != b'0' {
        return Err(damaged("a head in it is no head of a file"));
    }
    let name = &block[..100];
    let name = &name[..name.iter().position(|byte| *byte == 0).unwrap_or(100)];
    let name = std::str::from_utf8(name).map_err(|_| damaged("a name in it is no text"))?;
    let bytes = if block[124] == 0x80 {
        let mut size = [0; 8];
        size.copy_from_slice(&block[128..136]);
        u64::from_be_bytes(size)
    } else {
        octal(&block[124..136]).ok_or_else(|| damaged("a length in it is no number"))?
    };
    Ok(Some(Head {
        name: name.to_owned(),
        bytes,
    }))
}

/// Passes over what fills the last block of a file.
pub(super) fn skip_padding(from: &mut impl Read, bytes: u64) -> io::Result<()> {
    let mut rest = [0; BLOCK];
    from.read_exact(&mut rest[..padding(bytes)])
}

fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK as u64).unwrap_or(0);
    if over == 0 { 0 } else { BLOCK - over }
}

/// Of all bytes, those of the checksum itself taken as spaces.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    let around = block[..148].iter().chain(&block[156..]);
    around.map(|byte| u32::from(*byte)).sum::<u32>() + 8 * u32::from(b' ')
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "[a-z/._0-9]{1,100}", bytes in any::<u64>()) {
            let head = Head { name, bytes };
            let mut written = Vec::new();
            write_head(&mut written, &head, 1_795_306_812_431).expect("memory");
            prop_assert_eq!(written.len(), BLOCK);
            prop_assert_eq!(read_head(&mut written.as_slice()).expect("whole"), Some(head));
        }

        #[test]
        fn a_changed_byte_of_a_head_is_seen(at in 0..BLOCK, flip in 1..=255u8) {
            let head = Head { name: "files/one".to_owned(), bytes: 7 };
            let mut written = Vec::new();
            write_head(&mut written, &head, 0).expect("memory");
            written[at] ^= flip;
            let read = read_head(&mut written.as_slice());
            // A digit of the checksum may become another way to write the same number.
            prop_assert!(read.is_err() || read.is_ok_and(|it| it == Some(head)), "byte {}", at);
        }
    }

    #[test]
    fn an_archive_that_ends_early_is_an_error_and_the_end_is_none() {
        assert!(read_head(&mut &[0u8; 100][..]).is_err());
        let mut written = Vec::new();
        end(&mut written).expect("memory");
        assert_eq!(read_head(&mut written.as_slice()).expect("whole"), None);
    }
}
