namespace KafkaCaching.Topics.Owned;

/// <summary>One setting that a topic must have.</summary>
/// <param name="Name">Kafka's name of the setting.</param>
/// <param name="Value">The value that a new topic gets.</param>
/// <param name="Is">Whether an existing topic's value (the first argument) is acceptable.</param>
/// <param name="Must">How the value limits an existing topic's value, in words.</param>
internal sealed record RequiredSetting(string Name, string Value, Func<string, string, bool> Is, string Must)
{
    public bool IsMetBy(string? actual) => actual is not null && Is(actual, Value);
}
