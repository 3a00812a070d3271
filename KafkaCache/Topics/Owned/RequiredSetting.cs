namespace KafkaCaching.Topics.Owned;

/// <summary>One setting that a topic must have.</summary>
/// <param name="Name">Kafka's name of it.</param>
/// <param name="Value">The value that a new topic gets.</param>
/// <param name="Is">Whether an existing topic's value (the first argument) will do.</param>
/// <param name="Must">How the value bounds an existing topic's, in words.</param>
internal sealed record RequiredSetting(string Name, string Value, Func<string, string, bool> Is, string Must)
{
    public bool IsMetBy(string? actual) => actual is not null && Is(actual, Value);
}
