using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KafkaCaching;

/// <summary>The position of a record in a topic, written as <c>partition:offset</c>, for example <c>3:1042</c>. Another instance can use it
/// to wait until it has applied that record.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The record's offset in the partition, from 0.</param>
public readonly record struct CachePosition(int Partition, long Offset) : ISpanParsable<CachePosition>
{
    /// <summary>Parses a position of the form <c>partition:offset</c>.</summary>
    /// <param name="s">The text: two whole numbers from 0, in digits, with a colon between them.</param>
    /// <param name="provider">Not used, because the form is the same in every culture.</param>
    /// <returns>The position.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text does not have this form.</exception>
    public static CachePosition Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Parses a position of the form <c>partition:offset</c>.</summary>
    /// <param name="s">The text: two whole numbers from 0, in digits, with a colon between them.</param>
    /// <param name="provider">Not used, because the form is the same in every culture.</param>
    /// <returns>The position.</returns>
    /// <exception cref="FormatException">The text does not have this form.</exception>
    public static CachePosition Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var position)
            ? position
            : throw new FormatException("A cache position is written partition:offset, for example 3:1042.");

    /// <summary>Parses a position if the text has the form <c>partition:offset</c>.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The position, or the default value if the text is not a position.</param>
    /// <returns>Whether the text is a position.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CachePosition result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Parses a position if the text has the form <c>partition:offset</c>.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The position, or the default value if the text is not a position.</param>
    /// <returns>Whether the text is a position.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out CachePosition result)
    {
        var colon = s.IndexOf(':');
        // .NET's parsers ignore trailing NUL characters, so a string that contains one is refused here.
        if (colon > 0
            && !s.Contains('\0')
            && int.TryParse(s[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(s[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            result = new CachePosition(partition, offset);
            return true;
        }

        result = default;
        return false;
    }

    /// <summary>Formats the position as <c>partition:offset</c>.</summary>
    /// <returns>The text that <see cref="Parse(string, IFormatProvider?)"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Offset}");
}
