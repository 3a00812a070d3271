using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace KafkaCaching.Demo.Topics;

/// <summary>The topic and the key in <c>/topics/{topic}/{key}</c>, as they were sent. The server's own path won't do: it resolves dot segments and
/// decodes all but <c>%2F</c>, so that <c>a/../b</c> and <c>b</c>, or <c>%2F</c> and <c>%252F</c>, are one.</summary>
internal sealed record RecordPath(string Topic, byte[] Key)
{
    private const string Prefix = "/topics/";

    /// <summary>Whether a request target is the path of a record.</summary>
    /// <param name="target">The target as it stands in the request line.</param>
    /// <param name="path">The path; <see langword="null"/> where its percent-encoding is broken.</param>
    /// <returns>Whether it is; a topic without a slash behind it is not.</returns>
    public static bool TryParse(string target, out RecordPath? path)
    {
        path = null;
        var text = PathOf(target);
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return false;

        var rest = text[Prefix.Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0)
            return false;

        if (TryDecode(rest[..slash], out var topic) && TryDecode(rest[(slash + 1)..], out var key))
            path = new RecordPath(Encoding.UTF8.GetString(topic), key);
        return true;
    }

    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        if (path.IsEmpty || path[0] != '/')
        {
            // The absolute form, as proxies get it: http://host/path.
            var authority = path.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : path[(authority + 3)..].IndexOf('/');
            path = slash < 0 ? default : path[(authority + 3 + slash)..];
        }

        var query = path.IndexOf('?');
        return query < 0 ? path : path[..query];
    }

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var buffer = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        while (!text.IsEmpty)
        {
            var percent = text.IndexOf('%');
            var plain = percent < 0 ? text : text[..percent];
            length += Encoding.UTF8.GetBytes(plain, buffer.AsSpan(length));
            text = text[plain.Length..];
            if (text.IsEmpty)
                break;

            if (text.Length < 3 || !byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out buffer[length]))
                return false;
            length++;
            text = text[3..];
        }

        bytes = buffer[..length];
        return true;
    }
}
