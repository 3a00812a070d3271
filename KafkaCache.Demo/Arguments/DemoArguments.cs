using System.Net;
using Confluent.Kafka;

namespace KafkaCaching.Demo.Arguments;

/// <summary>What the user asked for, checked.</summary>
/// <param name="Listen">The address to listen on.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
/// <param name="Topics">The topics to serve; <see langword="null"/> for the sample model on the embedded broker.</param>
internal sealed record DemoArguments(IPAddress Listen, int Port, TopicArguments? Topics);

/// <summary>Which topics of which Kafka.</summary>
/// <param name="Client">The brokers and how to connect to them; holds secrets.</param>
/// <param name="Names">The topics, each once.</param>
/// <param name="Writable">Whether <c>PUT</c> and <c>DELETE</c> are served.</param>
/// <param name="Create">Whether a missing topic is created.</param>
/// <param name="OnRecordError">What becomes of a record that can't be used.</param>
internal sealed record TopicArguments(ClientConfig Client, IReadOnlyList<string> Names, bool Writable, bool Create, RecordErrorPolicy OnRecordError = RecordErrorPolicy.Fail);
