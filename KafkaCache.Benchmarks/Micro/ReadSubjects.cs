using System.Collections.Concurrent;
using System.Text.Json;
using KafkaCaching.Benchmarks.Reading;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>The subjects of the read benchmarks, with a million entries each. They are filled only once and kept until the process ends,
/// because filling them takes longer than the measurements.</summary>
internal sealed class ReadSubjects
{
    public const int Entries = 1_000_000;
    private const string Topic = "empty";

    private static readonly Lazy<ReadSubjects> Shared = new(static () => new ReadSubjects());

    private ReadSubjects()
    {
        var broker = EmbeddedBroker.Start();
        broker.CreateTopic(Topic);
        Bytes = PrefilledStore.Start<byte[]>(broker.BootstrapServers, Topic, Entries);
        Users = PrefilledStore.Start<User>(broker.BootstrapServers, Topic, Entries);
        for (var number = 0; number < Entries; number++)
        {
            var (key, value) = (Workload.Key(number), Workload.Value(number));
            ByteDictionary[key] = value;
            UserDictionary[key] = JsonSerializer.Deserialize<User>(value, JsonSerializerOptions.Web)!;
        }
    }

    public static ReadSubjects Instance => Shared.Value;

    public KafkaCache<string, byte[]> Bytes { get; }

    public KafkaCache<string, User> Users { get; }

    public ConcurrentDictionary<string, byte[]> ByteDictionary { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, User> UserDictionary { get; } = new(StringComparer.Ordinal);
}
