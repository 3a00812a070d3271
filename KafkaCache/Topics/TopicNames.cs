namespace KafkaCaching.Topics;

/// <summary>Kafka's rule for the names of topics (<c>org.apache.kafka.common.internals.Topic</c>).</summary>
internal static class TopicNames
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "Set it to 1 to 249 letters (a to z), digits, '.', '_' and '-'; not '.' or '..'.";

    private const int MaxLength = 249;

    public static bool IsLegal(string? name) => name is { Length: >= 1 and <= MaxLength } and not ("." or "..") && name.All(IsLegal);

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
