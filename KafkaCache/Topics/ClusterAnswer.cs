using Confluent.Kafka;

namespace KafkaCaching.Topics;

/// <summary>The result of checking whether any broker answers.</summary>
/// <param name="Problem">The problem, or <see cref="ErrorCode.NoError"/>.</param>
/// <param name="Advertised">The addresses that the brokers advertise, which may differ from those in <c>bootstrap.servers</c>.</param>
internal sealed record ClusterAnswer(ErrorCode Problem, IReadOnlyList<string> Advertised);
