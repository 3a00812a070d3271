namespace KafkaCaching.Hybrid.Options;

/// <summary>Decides which keys and tags are allowed, by the rules of Microsoft's implementation. The rules also ensure that a user's key is
/// never one of the topic's own keys, which begin with a control character.</summary>
internal sealed class KeyRules(int maximumLength)
{
    public const string AllTags = "*";

    /// <summary>Returns the end of a sentence that describes what is wrong with a key or tag; <see langword="null"/> if it is allowed. The
    /// result never quotes the key or tag.</summary>
    public string? Fault(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "is null, empty or white space";
        if (text.Length > maximumLength)
            return $"is longer than {maximumLength} characters (MaximumKeyLength)";
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c))
                return "contains a control character";
            if (!char.IsSurrogate(c))
                continue;
            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                return "contains half of a surrogate pair, which UTF-8 can't encode";
        }

        return null;
    }

    /// <exception cref="ArgumentException">The key is not allowed.</exception>
    public void RequireKey(string? key) => Require("The key", key, nameof(key));

    /// <exception cref="ArgumentException">The tag is not allowed.</exception>
    public void RequireTag(string? tag) => Require("The tag", tag, nameof(tag));

    /// <param name="tag">One of the tags in a parameter <c>tags</c>.</param>
    /// <exception cref="ArgumentException">The tag is not allowed.</exception>
    public void RequireOneOfTags(string? tag) => Require("One of the tags", tag, "tags");

    private void Require(string subject, string? text, string parameter)
    {
        if (Fault(text) is { } fault)
            throw new ArgumentException($"{subject} {fault}.", parameter);
    }
}
