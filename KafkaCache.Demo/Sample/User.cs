using System.ComponentModel;

namespace KafkaCaching.Demo.Sample;

/// <summary>A person. Groups are the IDs of organizations.</summary>
[ImmutableObject(true)]
public sealed record User(Guid Id, string Email, string DisplayName, IReadOnlyList<Guid> Groups);
