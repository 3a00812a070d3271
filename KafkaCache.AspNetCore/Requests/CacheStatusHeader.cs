using System.Globalization;
using System.Text;
using KafkaCaching.Hybrid;

namespace KafkaCaching.AspNetCore.Requests;

/// <summary>The response header <c>Cache-Status</c> of RFC 9211: one member for each cache, as in <c>web; hit; ttl=37</c> or
/// <c>web; fwd=uri-miss; stored</c>.</summary>
internal static class CacheStatusHeader
{
    public const string Name = "Cache-Status";

    public static string Format(IEnumerable<RequestAnswer> answers) => string.Join(", ", answers.Select(Format));

    private static string Format(RequestAnswer answer)
    {
        var member = new StringBuilder(Identifier(answer.Cache));
        member.Append(answer.Forward switch
        {
            ForwardReason.Miss => "; fwd=uri-miss",
            ForwardReason.Stale => "; fwd=stale",
            ForwardReason.Request => "; fwd=request",
            _ => "; hit",
        });
        if (answer.IsStored)
            member.Append("; stored");
        if (answer is { IsHit: true, TimeToLive: { } left })
            member.Append(CultureInfo.InvariantCulture, $"; ttl={(long)left.TotalSeconds}");
        return member.ToString();
    }

    // RFC 8941: a token if all characters are allowed in a token, otherwise a quoted string, which must be ASCII.
    private static string Identifier(string name)
    {
        if (char.IsAsciiLetter(name[0]) && name.All(IsOfTokens))
            return name;
        var text = name.All(static c => c is >= ' ' and <= '~') ? name : Uri.EscapeDataString(name);
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsOfTokens(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal);
}
