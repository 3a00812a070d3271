using System.Collections;
using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Store.Entries;

namespace KafkaCaching;

/// <summary>The headers that were kept with an entry, each name once, in the order of the option <c>KeepHeaders</c>. Instances are
/// immutable.</summary>
public sealed class CacheHeaders : IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>>, IEquatable<CacheHeaders>
{
    private readonly ReadOnlyMemory<byte> _packed;

    internal CacheHeaders(ReadOnlyMemory<byte> packed) => _packed = packed;

    /// <summary>No headers.</summary>
    public static CacheHeaders None { get; } = new(default);

    /// <summary>Looks up a header.</summary>
    /// <param name="name">The name, case-sensitive.</param>
    /// <param name="value">The header's bytes; empty if the header has none, or if there is no such header.</param>
    /// <returns>Whether there is such a header.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public bool TryGet(string name, out ReadOnlyMemory<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var header in this)
        {
            if (header.Key != name)
                continue;
            value = header.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ReadOnlyMemory<byte>>> GetEnumerator()
    {
        for (var rest = _packed; !rest.IsEmpty;)
            yield return PackedHeaders.Next(ref rest);
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] CacheHeaders? other) => other is not null && _packed.Span.SequenceEqual(other._packed.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CacheHeaders);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)KeyHash.Of(_packed.Span);
}
