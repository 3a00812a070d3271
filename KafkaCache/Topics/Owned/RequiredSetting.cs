namespace KafkaCaching.Topics.Owned;

/// <summary>One setting that a topic must have.</summary>
/// <param name="Name">Kafka's name of the setting.</param>
/// <param name="Value">The value that a new topic gets.</param>
/// <param name="Is">Returns whether an existing topic's value (the first argument) meets the requirement (the second argument).</param>
/// <param name="Must">The relation that an existing topic's value must have to <paramref name="Value"/>, in words.</param>
internal sealed record RequiredSetting(string Name, string Value, Func<string, string, bool> Is, string Must)
{
    public bool IsMetBy(string? actual) => actual is not null && Is(actual, Value);
}
