using System.Buffers;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Keys;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>Writes the values by which rows are told apart to bytes, so that two values which a database may take for the same have the
/// same bytes.</summary>
/// <remarks>Collations may not tell upper case from lower case, and may leave out blanks, hyphens and the like. So of a text only letters
/// and digits count, in upper case. What collations make of the other alphabets and of accents differs too much. Numbers with a fraction,
/// and times, are stored with fewer digits than they are sent.</remarks>
internal static class RowValues
{
    /// <returns>Whether the value has such a form.</returns>
    public static bool TryWrite(ArrayBufferWriter<byte> target, object? value) => value switch
    {
        null or DBNull or bool or sbyte or byte or short or ushort or int or uint or long or Enum or DateOnly =>
            CanonicalValues.TryWrite(target, value),
        ulong number and <= long.MaxValue => CanonicalValues.TryWrite(target, (long)number), // Elsewhere it may be mapped to a long,
        Guid id => TryWriteText(target, id.ToString("N")), // and this to a text.
        string text => TryWriteText(target, text),
        char letter => TryWriteText(target, letter.ToString()),
        byte[] bytes => CanonicalValues.TryWrite(target, bytes.AsSpan().TrimEnd((byte)0).ToArray()), // They may be filled up.
        _ => false,
    };

    private static bool TryWriteText(ArrayBufferWriter<byte> target, string text)
    {
        if (!Ascii.IsValid(text))
            return false;
        var significant = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return CanonicalValues.TryWrite(target, significant.Length == 0 ? null : significant); // An empty text may be null.
    }
}
