using System.ComponentModel;

namespace KafkaCaching.Benchmarks;

/// <summary>The workload's value, decoded.</summary>
[ImmutableObject(true)]
internal sealed record User(Guid Id, string Email, string DisplayName, string[] Groups);
