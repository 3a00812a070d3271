using System.Buffers;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Keys;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>Converts the values that identify rows to bytes. Two values that a database may treat as equal have the same bytes.</summary>
/// <remarks>Collations may ignore case, blanks, hyphens and other punctuation. So only the letters and digits of a string are used, in
/// upper case. Strings with characters outside ASCII are not converted, because collations differ too much in how they treat accents and
/// other alphabets. Fractional numbers and times are not converted either, because they may be stored with fewer digits than were
/// sent.</remarks>
internal static class RowValues
{
    /// <returns>Whether the value can be converted.</returns>
    public static bool TryWrite(ArrayBufferWriter<byte> target, object? value) => value switch
    {
        null or DBNull or bool or sbyte or byte or short or ushort or int or uint or long or Enum or DateOnly =>
            CanonicalValues.TryWrite(target, value),
        ulong number and <= long.MaxValue => CanonicalValues.TryWrite(target, (long)number), // Another model may map it to a long.
        Guid id => TryWriteText(target, id.ToString("N")), // Another model may map it to a string.
        string text => TryWriteText(target, text),
        char letter => TryWriteText(target, letter.ToString()),
        byte[] bytes => CanonicalValues.TryWrite(target, bytes.AsSpan().TrimEnd((byte)0).ToArray()), // They may be padded with zeros.
        _ => false,
    };

    private static bool TryWriteText(ArrayBufferWriter<byte> target, string text)
    {
        if (!Ascii.IsValid(text))
            return false;
        var significant = string.Create(text.Count(char.IsAsciiLetterOrDigit), text, WriteSignificant);
        return CanonicalValues.TryWrite(target, significant.Length == 0 ? null : significant); // Oracle stores "" as null.
    }

    private static void WriteSignificant(Span<char> significant, string text)
    {
        var next = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character))
                significant[next++] = char.ToUpperInvariant(character);
        }
    }
}
