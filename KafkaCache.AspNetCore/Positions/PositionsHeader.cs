using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace KafkaCaching.AspNetCore.Positions;

/// <summary>The header <c>KafkaCache-Position: users=3:1042, sessions=0:77</c>, both ways. Names are percent-encoded where they hold what
/// the form uses or what no header may hold.</summary>
internal static class PositionsHeader
{
    public const string Name = "KafkaCache-Position";

    /// <summary>Some 2 KB of header, which any proxy lets through.</summary>
    public const int MaxPositions = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A name as it may stand there: visible ASCII but for the signs of the form.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static code => (char)code).Except(['=', ',', '%'])]);

    public static string Format(IEnumerable<(string Cache, CachePosition Position)> positions) =>
        string.Join(", ", positions.Select(static one => $"{Uri.EscapeDataString(one.Cache)}={one.Position}"));

    /// <returns>What the header asks for, the highest of each cache and partition; <see langword="null"/> where it has another form or more
    /// than the limit.</returns>
    public static IReadOnlyDictionary<(string Cache, int Partition), long>? Parse(StringValues header)
    {
        var positions = new Dictionary<(string Cache, int Partition), long>();
        var seen = 0;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                // Lists in headers may have empty places.
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

    // Not Uri.UnescapeDataString, which lets broken escapes stand: two names would be one, or one two.
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
