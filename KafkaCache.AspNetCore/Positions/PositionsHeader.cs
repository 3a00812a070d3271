using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace KafkaCaching.AspNetCore.Positions;

/// <summary>The header <c>KafkaCache-Position: users=3:1042, sessions=0:77</c>, in requests and in responses. Characters of a name are
/// percent-encoded if they are part of the header's syntax or not allowed in a header.</summary>
internal static class PositionsHeader
{
    public const string Name = "KafkaCache-Position";

    /// <summary>The maximum number of positions in a header. They take about 2 KB, which any proxy accepts.</summary>
    public const int MaxPositions = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The characters of a name that need no encoding: visible ASCII, except the delimiters of the header.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static code => (char)code).Except(['=', ',', '%'])]);

    public static string Format(IEnumerable<(string Cache, CachePosition Position)> positions) =>
        string.Join(", ", positions.Select(static one => $"{Uri.EscapeDataString(one.Cache)}={one.Position}"));

    /// <returns>The positions that the header asks for, the highest of each cache and partition; <see langword="null"/> if the header is
    /// malformed or has more positions than the limit.</returns>
    public static IReadOnlyDictionary<(string Cache, int Partition), long>? Parse(StringValues header)
    {
        var positions = new Dictionary<(string Cache, int Partition), long>();
        var seen = 0;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                // RFC 9110 allows empty elements in the list of a header.
                var entry = line.AsSpan(range).Trim(" \t");
                if (entry.IsEmpty)
                    continue;
                if (++seen > MaxPositions || !TryParse(entry, out var cache, out var position))
                    return null;
                var key = (cache, position.Partition);
                positions[key] = Math.Max(position.Offset, positions.GetValueOrDefault(key));
            }
        }

        return positions;
    }

    private static bool TryParse(ReadOnlySpan<char> entry, out string cache, out CachePosition position)
    {
        var equals = entry.IndexOf('=');
        position = default;
        cache = equals > 0 ? Unescape(entry[..equals]) ?? "" : "";
        return cache.Length > 0 && CachePosition.TryParse(entry[(equals + 1)..], provider: null, out position);
    }

    // Uri.UnescapeDataString is not used, because it leaves invalid escapes unchanged, so that different headers could mean the same name.
    private static string? Unescape(ReadOnlySpan<char> name)
    {
        if (!name.ContainsAnyExcept(Plain))
            return name.ToString();
        var bytes = new byte[name.Length];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (Plain.Contains(name[i]))
            {
                bytes[length++] = (byte)name[i];
                continue;
            }

            if (name[i] != '%' || i + 2 >= name.Length || !char.IsAsciiHexDigit(name[i + 1]) || !char.IsAsciiHexDigit(name[i + 2]))
                return null;
            bytes[length++] = Convert.FromHexString(name.Slice(i + 1, 2))[0];
            i += 2;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
