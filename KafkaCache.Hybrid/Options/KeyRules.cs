namespace KafkaCaching.Hybrid.Options;

/// <summary>Which keys and tags are allowed: the rules of Microsoft's implementation. They also keep a key of a user from being one of the
/// topic's own keys, which begin with a control character.</summary>
internal sealed class KeyRules(int maximumLength)
{
    public const string AllTags = "*";

    /// <summary>What is wrong with a key or a tag, as the end of a sentence; <see langword="null"/> if it is good. The text never quotes
    /// it.</summary>
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
                return "has a control character";
            if (!char.IsSurrogate(c))
                continue;
            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                return "has half of a surrogate pair, which UTF-8 can't hold";
        }

        return null;
    }

    /// <exception cref="ArgumentException">The key or tag is not allowed.</exception>
    public void Require(string? text, string parameter)
    {
        if (Fault(text) is { } fault)
            throw new ArgumentException($"The {parameter} {fault}.", parameter);
    }
}
