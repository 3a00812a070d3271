using System.Globalization;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Capture;

namespace KafkaCaching.Snapshots;

/// <summary>Writes the captured state of a generation to a temporary file, verifies the file, and renames it to the name of the
/// snapshot.</summary>
internal sealed class MomentWriter(SnapshotSettings settings, CancellationToken stopping)
{
    private const int BytesBetweenFlushes = 16 << 20;

    /// <returns>The description that was written, and the size of the file.</returns>
    /// <exception cref="CaptureEndedException">The capture has ended early.</exception>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public (SnapshotDescription Description, long Bytes) Write(SnapshotMoment moment)
    {
        using var captured = moment;
        using var writing = settings.Files.BeginWriting();
        try
        {
            var description = WriteTemporary(moment);
            using var written = SnapshotReader.Open(settings.Files.Temporary);
            SnapshotLoader.Verify(written, NewPace());
            settings.Files.Publish();
            return (description, written.Bytes);
        }
        catch
        {
            settings.Files.Abandon();
            throw;
        }
    }

    private SnapshotDescription WriteTemporary(SnapshotMoment moment)
    {
        using var file = settings.Files.CreateTemporary();
        var writer = new SnapshotWriter(file);
        WriteEntries(moment, writer, file);
        var buckets = moment.Capture.Buckets;
        moment.Dispose(); // From here on, the replay thread no longer needs to save entries.
        var description = writer.End(new SnapshotDescription(
            moment.TopicId, moment.Partitions, moment.CaughtUp, moment.DeleteRetention, settings.Time.GetUtcNow(), settings.Fingerprint,
            SnapshotDescription.ThisLibrary, writer.Entries, buckets)
        {
            HasKeysInTwoPartitions = moment.HasKeysInTwoPartitions, LacksEvictedEntries = moment.LacksEvictedEntries,
        });
        RequireRoom(writer.Bytes, settings.Files.CurrentBytes);
        settings.Files.Flush(file);
        return description;
    }

    // Saved claims are written after each group of entries, because the replay thread has little room for saved entries and claims.
    private void WriteEntries(SnapshotMoment moment, SnapshotWriter writer, Stream file)
    {
        var capture = moment.Capture;
        var progress = new Progress(writer, file, NewPace(), settings.Files.CurrentBytes);
        while (capture.MoveNext())
        {
            writer.Add(capture);
            if (moment.Claims is { } claims)
                WriteSaved(claims, progress);
            Pass(progress);
        }

        RequireUse(capture.End);
        if (moment.Claims is { } rest)
            WriteRest(rest, progress);
    }

    private void WriteRest(ClaimsCapture claims, Progress progress)
    {
        while (!claims.IsComplete && claims.End == CaptureEnd.None)
        {
            claims.AwaitStep(stopping);
            WriteSaved(claims, progress);
        }

        RequireUse(claims.End);
        WriteSaved(claims, progress);
    }

    private void WriteSaved(ClaimsCapture claims, Progress progress)
    {
        while (claims.TryPeek(out var packed))
        {
            progress.Writer.AddClaim(packed);
            claims.Take(packed);
            Pass(progress);
        }
    }

    private void Pass(Progress progress)
    {
        var bytes = progress.Writer.Bytes;
        if (bytes == progress.Passed)
            return;
        progress.Passed = bytes;
        RequireRoom(bytes, progress.BytesOfOld);
        progress.Pace.Wait(bytes);
        if (bytes - progress.Flushed < BytesBetweenFlushes)
            return;
        settings.Files.Flush(progress.File);
        progress.Flushed = bytes;
    }

    private static void RequireUse(CaptureEnd end)
    {
        if (end != CaptureEnd.None)
            throw new CaptureEndedException(end);
    }

    private WritePace NewPace() => new(settings.Options.WriteBytesPerSecond, settings.Time, stopping);

    private void RequireRoom(long written, long old)
    {
        if (old + written > settings.MaxBytes)
            throw TooLarge(old, written);
    }

    private IOException TooLarge(long old, long written) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The snapshot has {written:N0} bytes so far, and the previous one has {old:N0}. Raise Snapshot.MaxBytes "
        + $"(now {settings.MaxBytes:N0})."));

    private sealed class Progress(SnapshotWriter writer, Stream file, WritePace pace, long bytesOfOld)
    {
        public SnapshotWriter Writer => writer;

        public Stream File => file;

        public WritePace Pace => pace;

        public long BytesOfOld => bytesOfOld;

        public long Passed { get; set; }

        public long Flushed { get; set; }
    }
}
