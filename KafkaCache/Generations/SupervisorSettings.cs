namespace KafkaCaching.Generations;

/// <summary>What the supervisor needs of the options.</summary>
internal sealed record SupervisorSettings(string Name, string Topic, TimeSpan StaleAfter, TimeProvider Time);
