using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Snapshots;

/// <summary>Fetches a snapshot from another instance. Its content is not trusted: it is loaded with the same checks as a local
/// file.</summary>
internal static class SiblingSnapshots
{
    private const int PieceBytes = 256 * 1024;

    // If a sibling sends less than this within the time limit, fetching its snapshot would take longer than a replay from the brokers.
    private const int MinBytes = 10_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tries the siblings one after another, in random order.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="progress">Counts the pieces that arrive.</param>
    /// <param name="problem">Why there is no snapshot, if there is none.</param>
    /// <returns>Whether a snapshot has been fetched.</returns>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public static bool Fetch(SnapshotSettings settings, LoadProgress progress, out string problem)
    {
        var siblings = settings.Options.Siblings;
        Random.Shared.Shuffle(siblings);
        problem = "Snapshot.From is empty.";
        progress.IsFetching = true;
        try
        {
            using var client = settings.Options.CreateHttpClient?.Invoke() ?? new HttpClient();
            foreach (var sibling in siblings)
            {
                progress.Pass(); // The previous sibling may have used up the time limit of a step.
                if (TryFetch(client, new Uri(sibling), settings, progress) is not { } failure)
                    return true;
                problem = $"Snapshot.From: {failure}";
            }

            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            problem = $"Snapshot.CreateHttpClient: {e.Message}";
            return false;
        }
        finally
        {
            progress.IsFetching = false;
        }
    }

    /// <returns>Why the attempt failed, or <see langword="null"/> if it succeeded.</returns>
    // The thread blocks on asynchronous calls, because the message handlers of the application's client may not support synchronous calls.
    private static string? TryFetch(HttpClient client, Uri sibling, SnapshotSettings settings, LoadProgress progress)
    {
        try
        {
            using var late = new CancellationTokenSource(Patience, settings.Time);
            using var request = new HttpRequestMessage(HttpMethod.Get, sibling);
            using var answer = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token).GetAwaiter().GetResult();
            if (!answer.IsSuccessStatusCode)
                return $"{sibling.Authority} answered {(int)answer.StatusCode}.";
            if (answer.Content.Headers.ContentLength is not { } bytes
                || bytes > settings.MaxBytes - settings.Files.CurrentBytes)
                return $"{sibling.Authority} does not state the size of its snapshot, or the size exceeds Snapshot.MaxBytes.";
            using var writing = settings.Files.BeginWriting();
            try
            {
                Copy(answer.Content, bytes, settings.Files, late, progress);
                SnapshotReader.Open(settings.Files.Temporary).Dispose();
                settings.Files.Publish();
                return null;
            }
            catch
            {
                settings.Files.Abandon();
                throw;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The application's client may throw any exception.
            return $"{sibling.Authority}: {e.Message}";
        }
        catch (OperationCanceledException) when (!progress.IsGivenUp)
        {
            return $"{sibling.Authority} has sent less than {MinBytes / 1_000_000} MB in {Patience.TotalSeconds:0} s.";
        }
    }

    private static void Copy(
        HttpContent content, long bytes, SnapshotFiles files, CancellationTokenSource late, LoadProgress progress)
    {
        using var from = content.ReadAsStreamAsync(late.Token).GetAwaiter().GetResult();
        using var to = files.CreateTemporary();
        var piece = new byte[PieceBytes];
        var due = 0;
        while (bytes > 0)
        {
            if (due <= 0)
            {
                late.CancelAfter(Patience);
                due = MinBytes;
            }

            var read = Read(from, piece.AsMemory(0, (int)Math.Min(piece.Length, bytes)), late.Token);
            if (read == 0)
                throw new IOException("The snapshot has ended early.");
            to.Write(piece, 0, read);
            bytes -= read;
            due -= read;
            progress.Pass();
        }

        files.Flush(to);
    }

    private static int Read(Stream from, Memory<byte> to, CancellationToken late) =>
        from.ReadAsync(to, late).AsTask().GetAwaiter().GetResult();
}
