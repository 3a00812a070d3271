using System.Runtime.InteropServices;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Encodes the texts that UTF-8 may not preserve. UTF-8 can't represent a surrogate without its other half, and would write all
/// such surrogates as the same bytes.</summary>
internal static class Utf16
{
    public static bool IsNeededFor(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    public static ReadOnlySpan<byte> BytesOf(string text) => MemoryMarshal.AsBytes(text.AsSpan());

    public static string TextOf(ReadOnlySpan<byte> bytes) => new(MemoryMarshal.Cast<byte, char>(bytes));
}
