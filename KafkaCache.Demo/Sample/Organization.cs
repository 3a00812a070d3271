using System.ComponentModel;

namespace KafkaCaching.Demo.Sample;

/// <summary>Whom users belong to. Immutable, so that the cache hands one instance to every reader.</summary>
[ImmutableObject(true)]
public sealed record Organization(Guid Id, string Name);
