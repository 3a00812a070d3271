using Confluent.Kafka;

namespace KafkaCaching.Topics;

/// <summary>Whether any broker answers.</summary>
/// <param name="Problem">What is wrong, or <see cref="ErrorCode.NoError"/>.</param>
/// <param name="Advertised">The addresses at which the brokers say that they are to be reached, which need not be those that were
/// asked.</param>
internal sealed record ClusterAnswer(ErrorCode Problem, IReadOnlyList<string> Advertised);
