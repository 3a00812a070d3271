using KafkaCaching.Tests.Hosting;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Three minutes of a service with three caches: one of a busy topic, one in its replay, and one of a quiet topic.</summary>
internal sealed class ServiceLife
{
    public const int Seconds = 180;
    public const string Key = "083432fb-70f6-42e5-a179-256615750688";

    private const int Partitions = 12;

    private readonly Random _random = new(7);
    private readonly FakeCache _users = Scenes.WithErrors("users");
    private readonly FakeCache _sessions = new("sessions", Statuses.Replaying(0.08));
    private readonly long[] _positions = [.. Enumerable.Range(0, Partitions).Select(partition => 308_100L + (partition * 1_731))];
    private readonly long[] _lags = new long[Partitions];

    public IKafkaCache[] Caches => [
        _users, _sessions,
        new FakeCache(
            "organizations",
            Statuses.Ready(partitions: 1) with
            {
                Entries = 1_250, MemoryBytes = 18L << 20, MemoryBudgetBytes = 64L << 20, RecordsApplied = 48_310, BytesApplied = 22_400_000,
            }),
    ];

    public void Advance(int second)
    {
        var applied = 0L;
        for (var partition = 0; partition < Partitions; partition++)
        {
            var burst = Math.Sin((second + (partition * 23)) / 17.0) > 0.8;
            var step = _random.Next(60, 130) + (burst ? 190 : 0);
            _lags[partition] = burst
                ? Math.Min(_lags[partition] + _random.Next(10, 120), 900)
                : Math.Max(0, _lags[partition] - _random.Next(60, 160));
            _positions[partition] += step;
            applied += step;
        }

        var status = _users.Status;
        _users.Status = status with
        {
            Entries = status.Entries + 3,
            RecordsApplied = status.RecordsApplied + applied,
            BytesApplied = status.BytesApplied + (applied * 640),
            Partitions = [.. _positions.Select((position, partition) => Statuses.Partition(partition, position, _lags[partition]))],
        };
        _sessions.Status = Statuses.Replaying(0.08 + (0.6 * second / Seconds));
    }
}
