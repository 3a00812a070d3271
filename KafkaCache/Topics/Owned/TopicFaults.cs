namespace KafkaCaching.Topics.Owned;

/// <summary>Compares an existing topic with its requirements. Each fault says what is wrong and, on its next line, how to correct
/// it.</summary>
internal static class TopicFaults
{
    public static IEnumerable<string> Of(
        TopicRequirements topic, int partitions, TopicSettings? settings, OperatorCommands commands, bool isCreationAllowed) =>
    [
        .. Partitions(topic, partitions, commands, isCreationAllowed),
        .. settings is { } known ? Settings(topic, known, commands) : [],
    ];

    public static string Missing(TopicRequirements topic, OperatorCommands commands) => Mended(
        "It does not exist, and the option Create is off. Create it, or correct its name:", commands.Create(topic));

    /// <summary>Returns a fault, followed by the steps that correct it, each on a separate line.</summary>
    public static string Mended(string fault, params string[] mends) => string.Join("\n    ", [fault, .. mends]);

    private static IEnumerable<string> Partitions(
        TopicRequirements topic, int partitions, OperatorCommands commands, bool isCreationAllowed)
    {
        if (partitions < topic.Partitions)
            yield return Mended(
                $"It has {partitions} partitions and must have at least {topic.Partitions}. Add some while nobody writes to it, because "
                + "keys move to other partitions:",
                commands.AddPartitions(topic.Name, topic.Partitions));
        else if (partitions > topic.MaxPartitions)
            yield return Mended(
                $"It has {partitions} partitions and may have at most {topic.MaxPartitions}. Partitions can't be removed: "
                + (isCreationAllowed
                    ? "choose another topic, or delete it, if its records are of no use to anyone. It is then created at the next start:"
                    : "choose another topic, or delete it, if its records are of no use to anyone, and create it again:"),
                [commands.Delete(topic.Name), .. isCreationAllowed ? [] : new[] { commands.Create(topic) }]);
    }

    private static IEnumerable<string> Settings(TopicRequirements topic, TopicSettings settings, OperatorCommands commands)
    {
        foreach (var required in RequiredSettings.All(topic))
        {
            var actual = settings.Entries.TryGetValue(required.Name, out var entry) ? entry.Value : null;
            if (!required.IsMetBy(actual))
                yield return Mended(
                    $"{required.Name} is {actual ?? "not reported"} and {required.Must} {required.Value}:",
                    commands.Set(topic.Name, required.Name, required.Value));
        }
    }
}
