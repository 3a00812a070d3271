using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KafkaCaching;

/// <summary>The point that a watcher has reached: the next offset of each partition. It is valid only for the cache that issued it; with
/// any other cache, the watch starts with the initial content. Its text form needs no escaping in URLs and headers. Instances are
/// immutable.</summary>
public sealed class WatchCursor : IParsable<WatchCursor>, IEquatable<WatchCursor>
{
    private const char IdSeparator = '~';
    private const char OffsetSeparator = '.';
    private const int MaxTextLength = 64 << 10;

    private readonly long[] _positions;

    internal WatchCursor(string recentId, long[] positions) => (RecentId, _positions) = (recentId, positions);

    internal string RecentId { get; }

    internal ReadOnlySpan<long> Positions => _positions;

    /// <summary>Parses a cursor from the text that <see cref="ToString"/> returned.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <returns>The cursor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException"><paramref name="s"/> is not a cursor.</exception>
    public static WatchCursor Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out var cursor)
            ? cursor
            : throw new FormatException("This is not a watch cursor. A cursor is the text of a change's Cursor, such as "
                + "'9f2c41d07be35a86~12.7.0'.");
    }

    /// <inheritdoc cref="TryParse(string?, IFormatProvider?, out WatchCursor)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out WatchCursor result) =>
        TryParse(s, null, out result);

    /// <summary>Parses a cursor from the text that <see cref="ToString"/> returned.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The cursor.</param>
    /// <returns>Whether the text is a cursor.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out WatchCursor result)
    {
        result = null;
        if (s is null || s.Length > MaxTextLength || s.IndexOf(IdSeparator, StringComparison.Ordinal) is not (>= 0 and var end))
            return false;
        var offsets = s[(end + 1)..].Split(OffsetSeparator);
        var positions = new long[offsets.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            if (!long.TryParse(offsets[i], NumberStyles.None, CultureInfo.InvariantCulture, out positions[i]))
                return false;
        }

        result = new WatchCursor(s[..end], positions);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(WatchCursor? other) =>
        other is not null && RecentId == other.RecentId && Positions.SequenceEqual(other.Positions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WatchCursor);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(RecentId, StringComparer.Ordinal);
        foreach (var position in _positions)
            hash.Add(position);
        return hash.ToHashCode();
    }

    /// <summary>Formats the cursor as text, for <see cref="Parse"/>.</summary>
    /// <returns>The text form: the ID of the recent changes that the cursor refers to, and the next offset of each partition.</returns>
    public override string ToString() => $"{RecentId}{IdSeparator}{string.Join(OffsetSeparator, _positions)}";
}
