using System.Globalization;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Capture;

namespace KafkaCaching.Snapshots;

/// <summary>Writes a captured moment to the snapshot's file: to a temporary one, which is verified, and then gets the name.</summary>
internal sealed class MomentWriter(SnapshotSettings settings, CancellationToken stopping)
{
    private const int BytesBetweenFlushes = 16 << 20;

    /// <returns>What was written, and the size of the file.</returns>
    /// <exception cref="CaptureEndedException">The capture has ended early.</exception>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public (SnapshotDescription Description, long Bytes) Write(SnapshotMoment moment)
    {
        using var capture = moment.Capture;
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
        WriteEntries(moment.Capture, writer, file);
        var buckets = moment.Capture.Buckets;
        moment.Capture.Dispose(); // The writer of the store need not save entries any longer.
        var description = writer.End(new SnapshotDescription(
            moment.TopicId, moment.Partitions, moment.CaughtUp, moment.DeleteRetention, settings.Time.GetUtcNow(), settings.Fingerprint,
            SnapshotDescription.ThisLibrary, writer.Entries, buckets));
        RequireRoom(writer.Bytes, BytesOfOld());
        settings.Files.Flush(file);
        return description;
    }

    private void WriteEntries(EntryCapture capture, SnapshotWriter writer, Stream file)
    {
        var pace = NewPace();
        var old = BytesOfOld();
        var flushed = 0L;
        while (capture.MoveNext())
        {
            writer.Add(capture);
            RequireRoom(writer.Bytes, old);
            pace.Wait(writer.Bytes);
            if (writer.Bytes - flushed < BytesBetweenFlushes)
                continue;
            settings.Files.Flush(file);
            flushed = writer.Bytes;
        }

        if (capture.End != CaptureEnd.None)
            throw new CaptureEndedException(capture.End);
    }

    private WritePace NewPace() => new(settings.Options.WriteBytesPerSecond, settings.Time, stopping);

    private long BytesOfOld() => File.Exists(settings.Files.Current) ? new FileInfo(settings.Files.Current).Length : 0;

    private void RequireRoom(long written, long old)
    {
        if (old + written > settings.MaxBytes)
            throw TooLarge(old, written);
    }

    private IOException TooLarge(long old, long written) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The snapshot has {written:N0} bytes so far, and the one before {old:N0}. Raise Snapshot.MaxBytes "
        + $"(now {settings.MaxBytes:N0})."));
}
