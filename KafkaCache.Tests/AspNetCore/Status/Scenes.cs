using KafkaCaching.Replay.Errors;
using KafkaCaching.Tests.Hosting;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Services in different states, for tests of the page.</summary>
internal static class Scenes
{
    private static readonly RecordErrorSighting[] Sightings =
    [
        new(3, 281_774, RecordErrorReason.UndecodableValue, DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(12)),
        new(0, 104_211, RecordErrorReason.ResolverThrew, DateTimeOffset.UnixEpoch - TimeSpan.FromMinutes(7)),
    ];

    public static IKafkaCache[] Of(string scene) => scene switch
    {
        "empty" => [],
        "one" => [new FakeCache("users", Statuses.Ready())],
        "service" => [
            WithErrors("users"), new FakeCache("sessions", Statuses.Replaying(0.43)),
            new FakeCache("organizations", Statuses.Ready(partitions: 1)) { IsReadOnly = false },
        ],
        "ten" => [.. Enumerable.Range(0, 10).Select(Tenth)],
        "hundred-partitions" => [new FakeCache("events", Hundred())],
        "watched" => [Watched()],
        "snapshots" =>
        [
            new FakeCache("users", Statuses.Ready() with
            {
                Start = new StartStatus { Reason = ColdStartReason.None, Age = TimeSpan.FromSeconds(12), OffsetsToReplay = 1204 },
                Snapshot = new SnapshotStatus { Age = TimeSpan.FromMinutes(8), Bytes = 83_466_650 },
            }),
            new FakeCache("orders", Statuses.Ready() with
            {
                Start = new StartStatus { Reason = ColdStartReason.TooOld, Problem = "It is 90000 s old." },
                Snapshot = new SnapshotStatus { LastError = "No space left on device", Failures = 1 },
            }),
            new FakeCache("plain", Statuses.Ready()),
        ],
        "replaying" => [new FakeCache("sessions", Statuses.Replaying(0.43))],
        "stale" => [new FakeCache("users", Statuses.Stale())],
        "faulted" => [
            new FakeCache(
                "users",
                Statuses.Faulted(
                    new RecordErrorException(
                        "The record at partition 3, offset 281774 can't be used (UndecodableValue). The value is no JSON.", 3, 281_774,
                        RecordErrorReason.UndecodableValue) { IsOwn = true })),
        ],
        "starting" => [
            new FakeCache(
                "users", Statuses.Empty() with { Reason = "The brokers at localhost:9092 have not answered about topic 'users' yet." }),
        ],
        "odd" => [
            new FakeCache(new string('w', 120), Huge()) { Topic = new string('t', 240) },
            new FakeCache("<b>\"bold\"</b> & co", Statuses.Ready() with { Phase = CachePhase.Rebuilding }),
            new FakeCache("old", Statuses.Ready() with { Phase = CachePhase.Stopped }),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(scene), scene, "No such scene."),
    };

    public static FakeCache Watched()
    {
        var indexes = new CacheIndexes<string>();
        return new FakeCache("users", Statuses.Ready() with
        {
            Watchers = 3,
            PendingChanges = 120,
            Indexes = [new IndexStatus("email", IsUnique: true, 52_338, 52_340), new IndexStatus("group", IsUnique: false, 812, 104_977)],
        })
        {
            Indexes = [indexes.AddUnique("email", static value => value), indexes.Add<string>("group", static value => [value])],
            Find = static key => key == "ada" ? new CacheEntry<string>("{}", 0, 1, DateTimeOffset.UnixEpoch) : null,
            FindKeys = static asked => asked switch
            {
                "a" => ["ada", "adele"],
                "all" => Enumerable.Range(0, 60).Select(static i => $"user-{i:000}"),
                _ => [],
            },
        };
    }

    public static FakeCache WithErrors(string name) => new(name, Statuses.Ready() with { RecordErrors = 2, RecentRecordErrors = Sightings })
    {
        IsReadOnly = false,
        Find = static key => key switch
        {
            "083432fb-70f6-42e5-a179-256615750688" => new CacheEntry<string>(
                "{\n  \"email\": \"hedy.hamilton@example.com\",\n  \"displayName\": \"Hedy Hamilton\",\n  \"groups\": [\n    "
                + "\"be305b0a-7c82-45e0-88c3-aea9f7c96210\"\n  ]\n}",
                3, 281_902, DateTimeOffset.UnixEpoch - TimeSpan.FromMinutes(3)),
            "<img src=x onerror=alert(1)>" => new CacheEntry<string>(
                "<img src=x onerror=alert(1)><script>alert(2)</script>", 0, 7, DateTimeOffset.UnixEpoch),
            _ => Guid.TryParse(key, out _)
                ? null
                : throw new FormatException("A key of this cache is a GUID, such as 083432fb-70f6-42e5-a179-256615750688."),
        },
    };

    private static FakeCache Tenth(int number) => new($"cache-{number}", number switch
    {
        2 => Statuses.Replaying(0.71),
        5 => Statuses.Ready(lag: 380),
        7 => Statuses.Stale(),
        _ => Statuses.Ready(),
    });

    private static CacheStatus Hundred() => Statuses.Ready(partitions: 100) with
    {
        Partitions = [
            .. Enumerable.Range(0, 100).Select(
                partition => Statuses.Partition(partition, 1_204_000 + (partition * 317), partition % 17 == 4 ? 40L * partition : 0)),
        ],
    };

    // The largest values that the page may have to show.
    private static CacheStatus Huge() => Statuses.Ready() with
    {
        Entries = 9_876_543_210,
        MemoryBytes = 255L << 20,
        RecordsApplied = long.MaxValue / 4096,
        Rebuilds = 12,
        ConsumerRecreations = 3,
        KeysSeenInTwoPartitions = 17,
        Reason = new string('r', 400),
        Partitions = [
            .. Enumerable.Range(0, 3).Select(partition => Statuses.Partition(partition, 987_654_321_012 + partition, 123_456_789)),
        ],
    };
}
