using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>The steps of the relay: read the messages that have arrived → wait until their changes are visible → write the marks →
/// acknowledge the position.</summary>
/// <remarks>The server sends a transaction when it is committed. Messages that arrive while marks are written form the next batch, so that
/// many small transactions share a write.</remarks>
internal sealed class ChangeStream(
    NpgsqlDataSource server, string connection, PostgresRelayOptions options, ChangedTables tables, ChangeSink sink, TimeProvider time)
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly Relations _relations = new(server, tables);
    private readonly Visibility _visibility = new(server, time);
    private long _acknowledged = -1;

    /// <summary>The acknowledged position in the log; <see langword="null"/> before the first batch.</summary>
    public NpgsqlLogSequenceNumber? Acknowledged => Interlocked.Read(ref _acknowledged) is >= 0 and var lsn
        ? new NpgsqlLogSequenceNumber((ulong)lsn)
        : null;

    public async Task ReadAsync(CancellationToken stop)
    {
        await using var replication = new LogicalReplicationConnection(connection) { WalReceiverStatusInterval = StatusInterval };
        await replication.Open(stop).ConfigureAwait(false);
        var published = new PgOutputReplicationOptions(
            options.Publication, PgOutputProtocolVersion.V1, binary: true, streamingMode: null, messages: true);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var messages = replication
            .StartReplication(new PgOutputReplicationSlot(options.Slot), published, ended.Token).GetAsyncEnumerator(ended.Token);
        var next = Task.FromResult(false);
        try
        {
            var batch = new Batch(tables, sink.NewRows());
            while (true)
            {
                next = messages.MoveNextAsync().AsTask();
                if (batch.IsFull || (batch.HasWholeTransaction && !next.IsCompleted))
                    await FlushAsync(replication, batch, stop).ConfigureAwait(false);
                if (!await next.ConfigureAwait(false))
                    throw new ChangeSourceException("The server has ended the stream.");
                await AddAsync(batch, messages.Current, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            // A stream can't be disposed of while it is being read.
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FlushAsync(LogicalReplicationConnection replication, Batch batch, CancellationToken stop)
    {
        await _visibility.WaitAsync(batch.Transactions, stop).ConfigureAwait(false);
        await sink.WriteAsync(batch.Rows, stop).ConfigureAwait(false);
        if (batch.End is { } end)
        {
            replication.SetReplicationStatus(end);
            await replication.SendStatusUpdate(stop).ConfigureAwait(false);
            Interlocked.Exchange(ref _acknowledged, (long)(ulong)end);
            if (batch.HasProbe)
                sink.NoteProbeAcknowledged();
        }

        batch.Clear();
    }

    private async Task AddAsync(Batch batch, PgOutputReplicationMessage message, CancellationToken stop)
    {
        switch (message)
        {
            case BeginMessage begin:
                batch.Begin(begin.TransactionXid);
                break;
            case CommitMessage commit:
                batch.Commit(commit.TransactionEndLsn);
                break;
            case LogicalDecodingMessage { Prefix: var prefix }:
                if (prefix == Probes.PrefixOf(options))
                    batch.AddProbe();
                break;
            case RelationMessage relation:
                await _relations.NoteAsync(relation, stop).ConfigureAwait(false);
                break;
            case TruncateMessage truncate:
                foreach (var relation in truncate.Relations)
                    _relations.Find(relation).AddUnknownRows(batch);
                sink.CountChange();
                break;
            case InsertMessage insert:
                await AddAsync(batch, _relations.Find(insert.Relation), old: null, isKey: false, insert.NewRow, stop).ConfigureAwait(false);
                break;
            case FullUpdateMessage update:
                await AddAsync(batch, _relations.Find(update.Relation), update.OldRow, isKey: false, update.NewRow, stop)
                    .ConfigureAwait(false);
                break;
            case IndexUpdateMessage update:
                await AddAsync(batch, _relations.Find(update.Relation), update.Key, isKey: true, update.NewRow, stop).ConfigureAwait(false);
                break;
            case UpdateMessage update:
                await AddUpdateAsync(batch, _relations.Find(update.Relation), update.NewRow, stop).ConfigureAwait(false);
                break;
            case FullDeleteMessage delete:
                await AddAsync(batch, _relations.Find(delete.Relation), delete.OldRow, isKey: false, current: null, stop)
                    .ConfigureAwait(false);
                break;
            case KeyDeleteMessage delete:
                await AddAsync(batch, _relations.Find(delete.Relation), delete.Key, isKey: true, current: null, stop).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    private async Task AddAsync(
        Batch batch, Relation relation, ReplicationTuple? old, bool isKey, ReplicationTuple? current, CancellationToken stop)
    {
        sink.CountChange();
        var before = old is null ? null : await relation.ReadAsync(old, isKey, old: null, stop).ConfigureAwait(false);
        var after = current is null ? null : await relation.ReadAsync(current, isKey: false, before, stop).ConfigureAwait(false);
        relation.Add(batch, before, after);
    }

    // The server sends no old values if the replica identity has not changed. The old values of other columns are then unknown.
    private async Task AddUpdateAsync(Batch batch, Relation relation, ReplicationTuple current, CancellationToken stop)
    {
        sink.CountChange();
        var after = await relation.ReadAsync(current, isKey: false, old: null, stop).ConfigureAwait(false);
        relation.Add(batch, relation.IdentityOf(after), after);
    }
}
