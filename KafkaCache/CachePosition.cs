using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KafkaCaching;

/// <summary>The place of a record in a topic, written <c>partition:offset</c>, as in <c>3:1042</c>.
/// Hand it to another instance, which waits until it has applied that record.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The record's offset in the partition, from 0.</param>
public readonly record struct CachePosition(int Partition, long Offset) : ISpanParsable<CachePosition>
{
    /// <summary>Reads <c>partition:offset</c>.</summary>
    /// <param name="s">The text: two whole numbers from 0, in digits, with a colon between.</param>
    /// <param name="provider">Not used: the form is the same in every culture.</param>
    /// <returns>The position.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static CachePosition Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads <c>partition:offset</c>.</summary>
    /// <param name="s">The text: two whole numbers from 0, in digits, with a colon between.</param>
    /// <param name="provider">Not used: the form is the same in every culture.</param>
    /// <returns>The position.</returns>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static CachePosition Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var position)
            ? position
            : throw new FormatException("A cache position is written partition:offset, for example 3:1042.");

    /// <summary>Reads <c>partition:offset</c>, if the text has that form.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The position, or the default.</param>
    /// <returns>Whether the text is a position.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CachePosition result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads <c>partition:offset</c>, if the text has that form.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The position, or the default.</param>
    /// <returns>Whether the text is a position.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out CachePosition result)
    {
        var colon = s.IndexOf(':');
        // .NET's parsers pass over trailing NULs.
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

    /// <summary>The position as <c>partition:offset</c>.</summary>
    /// <returns>The text that <see cref="Parse(string, IFormatProvider?)"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Offset}");
}
