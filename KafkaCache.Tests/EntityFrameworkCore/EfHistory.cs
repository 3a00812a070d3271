using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>One random history: reads, some of which end long after they began, and all kinds of writes, committed or not.</summary>
/// <remarks>With <see cref="EfMortals"/>, some pods die between a commit and its marks, and are replaced.</remarks>
/// <param name="seed">The seed.</param>
/// <param name="database">The database.</param>
/// <param name="topic">The topic of the pods.</param>
/// <param name="pods">The pods.</param>
/// <param name="mortals">Creates pods that die; <see langword="null"/> if no pod should die.</param>
/// <param name="relayed">Waits until a relay has acknowledged everything that is committed; <see langword="null"/> if no other program
/// writes.</param>
internal sealed class EfHistory(
    ulong seed, ShopDatabase database, InMemoryTopic topic, EfPod[] pods, EfMortals? mortals = null, Func<Task>? relayed = null)
    : IAsyncDisposable
{
    private const int Steps = 50;
    private const int Groups = 3;
    private const int MaxHeldReads = 3;

    private static readonly CachedQuery<ShopContext, int, User> OfGroup = CachedQuery.Create(
        "history-of-group", static (ShopContext db, int group) => db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name)
            .Cached(c => c.By(static u => u.GroupId, group)));

    private static readonly CachedQuery<ShopContext, User> All = CachedQuery.Create(
        "history-all", static (ShopContext db) => db.Users.Where(static u => u.GroupId >= 0));

    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 5).Select(static i => new Guid(i, 0, 0, new byte[8]))];

    private readonly Random _random = new(unchecked((int)(seed ^ (seed >> 32))));
    private readonly List<HeldRead> _held = [];
    private int _names;
    private bool _isAhead = relayed is not null; // An earlier history may have ended with an unread write.

    /// <summary>The number of reads that were stale after a death. They are allowed only if commits are not announced.</summary>
    public int StaleAfterDeaths { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <returns>A description of the stale read; <see langword="null"/> if there was none.</returns>
    public async Task<string?> RunAsync()
    {
        for (var step = 0; step < Steps; step++)
        {
            var pod = pods[_random.Next(pods.Length)];
            if (mortals is not null && _random.Next(15) == 0)
            {
                await DieAsync(_random.Next(pods.Length));
                continue;
            }

            switch (_random.Next(10))
            {
                case < 3:
                    // Nothing is required of a read in a pod that has not applied everything. The read fills the pod's cache.
                    await ReadAsync(pod, _random.Next(Reads));
                    break;
                case 3 when _held.Count < MaxHeldReads:
                    _held.Add(await HeldRead.BeginAsync(pod, _random.Next(Groups)));
                    break;
                case 4 when _held.Count > 0:
                    await EndAsync(_held[_random.Next(_held.Count)]);
                    break;
                case 5 when relayed is not null:
                    await WriteUnseenAsync();
                    break;
                case 6 or 7:
                    await WriteAsync(pod);
                    break;
                default:
                    // The writes of other pods must have been applied here, but not the marks of this pod's own writes.
                    await SettleAsync(except: _random.Next(2) == 0 ? pod : null);
                    await WriteAsync(pod);
                    await CatchUpAsync();
                    if (await FindUndueAsync(pod) is { } here)
                        return $"step {step}, the writing pod: {here}";
                    break;
            }

            if (_random.Next(3) != 0)
                continue;
            await CatchUpAsync();
            await SettleAsync();
            foreach (var each in pods)
            {
                if (await FindUndueAsync(each) is { } stale)
                    return $"step {step}, a pod that has applied everything: {stale}";
            }
        }

        return null;
    }

    private async Task SettleAsync(EfPod? except = null)
    {
        foreach (var pod in pods)
        {
            if (pod != except)
                await pod.MarkedAsync();
        }

        await topic.SettleAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var read in _held)
            await read.DisposeAsync();
    }

    private const int Reads = 5 + (2 * Groups) + 3;

    /// <summary>Reads in one of several ways.</summary>
    private static async Task<string> ReadAsync(ShopContext db, int read, bool isCached)
    {
        IQueryable<T> Of<T>(IQueryable<T> query) => isCached ? query.Cached() : query;
        if (read < Ids.Length)
        {
            var user = isCached
                ? await db.Users.FindCachedAsync(Ids[read])
                : await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == Ids[read], Token);
            return user is null ? "none" : $"{user.Name} {user.GroupId}";
        }

        if (read < Ids.Length + Groups)
        {
            var group = read - Ids.Length;
            var query = db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name);
            var users = await (isCached ? query.Cached(c => c.By(static u => u.GroupId, group)) : query.AsNoTracking()).ToListAsync(Token);
            return string.Join(' ', users.Select(static u => u.Name));
        }

        if (read < Ids.Length + (2 * Groups))
        {
            var group = read - Ids.Length - Groups;
            var users = isCached ? await OfGroup.ToListAsync(db, group, Token)
                : await db.Users.AsNoTracking().Where(u => u.GroupId == group).OrderBy(static u => u.Name).ToListAsync(Token);
            return string.Join(' ', users.Select(static u => u.Name));
        }

        if (read == Reads - 3)
            return $"{(isCached ? await All.CountAsync(db, Token) : await db.Users.CountAsync(Token))}";
        return read == Reads - 1
            ? $"{await Of(db.Users).CountAsync(static u => u.ManagerId == null, Token)}"
            : string.Join(' ', await Of(db.Users.OrderBy(static u => u.Name).Select(static u => u.Name)).ToListAsync(Token));
    }

    private static Task<string> ReadAsync(EfPod pod, int read) => pod.WithAsync(db => ReadAsync(db, read, isCached: true));

    /// <summary>Makes a pod write and die between the commit and its marks.</summary>
    private async Task DieAsync(int index)
    {
        foreach (var read in _held.FindAll(read => read.Pod == pods[index]))
        {
            _held.Remove(read);
            await read.DisposeAsync();
        }

        pods[index] = await mortals!.ReplaceAsync(pods[index], WriteAsync);
    }

    /// <summary>Finds a stale read that is not allowed. Only a stale read because of an unannounced commit of a dead pod is
    /// allowed.</summary>
    private async Task<string?> FindUndueAsync(EfPod pod)
    {
        var stale = await FindStaleAsync(pod);
        if (stale is null || mortals is null or { Announces: true } or { Deaths: 0 })
            return stale;
        StaleAfterDeaths++;
        return null;
    }

    public async Task<string?> FindStaleAsync(EfPod pod)
    {
        await using var plain = database.Open();
        for (var read = 0; read < Reads; read++)
        {
            var (expected, actual) = (await ReadAsync(plain, read, isCached: false), await ReadAsync(pod, read));
            if (expected != actual)
                return $"read {read} gives '{actual}', and the database '{expected}'";
        }

        return null;
    }

    // Reads must see only the changes that the relay has acknowledged.
    private async Task CatchUpAsync()
    {
        if (!_isAhead)
            return;
        _isAhead = false;
        await relayed!();
    }

    /// <summary>Writes without the cache, like another program.</summary>
    private async Task WriteUnseenAsync()
    {
        _isAhead = true;
        var (id, group, name) = (Ids[_random.Next(Ids.Length)], _random.Next(Groups), $"n{++_names}");
        string change = _random.Next(4) switch
        {
            0 => $"""UPDATE users SET "Name" = '{name}' WHERE "Id" = '{id}'""",
            1 => $"""UPDATE users SET "GroupId" = {group} WHERE "Id" = '{id}'""",
            2 => $"""DELETE FROM users WHERE "Id" = '{id}'""",
            _ => $"""
                INSERT INTO users ("Id", "Name", "Email", "GroupId", "Status", "Tags")
                VALUES ('{id}', '{name}', '', {group}, 'Active', ARRAY[]::text[]) ON CONFLICT ("Id") DO UPDATE SET "Name" = '{name}'
                """,
        };
        await using var connection = new NpgsqlConnection(database.Connection);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand(change, connection, transaction))
            await command.ExecuteNonQueryAsync(Token);
        if (_random.Next(5) == 0)
            await transaction.RollbackAsync(Token);
        else
            await transaction.CommitAsync(Token);
    }

    private async Task EndAsync(HeldRead read)
    {
        _held.Remove(read);
        await read.EndAsync();
        await read.DisposeAsync();
    }

    private async Task WriteAsync(EfPod pod)
    {
        await using var db = pod.Open();
        if (_random.Next(3) != 0)
        {
            await ChangeAsync(db);
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        for (var changes = _random.Next(3); changes >= 0; changes--)
            await ChangeAsync(db);
        switch (_random.Next(3))
        {
            case 0:
                await transaction.RollbackAsync(Token);
                break;
            case 1:
                await transaction.CommitAsync(Token);
                break;
            default:
                await transaction.CreateSavepointAsync("here", Token);
                await ChangeAsync(db);
                await transaction.RollbackToSavepointAsync("here", Token);
                await transaction.CommitAsync(Token);
                break;
        }

        // The change tracker still contains the changes that were rolled back.
        db.ChangeTracker.Clear();
    }

    private async Task ChangeAsync(ShopContext db)
    {
        db.ChangeTracker.Clear();
        var (id, group, name) = (Ids[_random.Next(Ids.Length)], _random.Next(Groups), $"n{++_names}");
        switch (_random.Next(8))
        {
            case < 4:
                await SaveAsync(db, id, group, name);
                break;
            case 4:
                if (await db.Users.FindAsync([id], Token) is { } gone)
                    db.Remove(gone);
                await db.SaveChangesAsync(Token);
                break;
            case 5:
                await db.Users.Where(u => u.GroupId == group).ExecuteUpdateAsync(set => set.SetProperty(static u => u.Name, name), Token);
                break;
            case 6:
                await db.Users.Where(u => u.Id == id).ExecuteDeleteAsync(Token);
                break;
            default:
                await db.Database.ExecuteSqlAsync($"""UPDATE "users" SET "GroupId" = {group} WHERE "Id" = {id}""", Token);
                break;
        }
    }

    private async Task SaveAsync(ShopContext db, Guid id, int group, string name)
    {
        if (await db.Users.FindAsync([id], Token) is { } user)
        {
            user.Name = name;
            if (_random.Next(2) == 0)
                user.GroupId = group;
        }
        else
        {
            db.Add(new User { Id = id, GroupId = group, Name = name });
        }

        await db.SaveChangesAsync(Token);
    }

    /// <summary>A cached read whose command has run and whose rows are read later.</summary>
    private sealed class HeldRead(EfPod pod, ShopContext db, IAsyncEnumerator<User> users) : IAsyncDisposable
    {
        public EfPod Pod => pod;

        public static async Task<HeldRead> BeginAsync(EfPod pod, int group)
        {
            var db = pod.Open();
            var users = db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name).Cached(c => c.By(static u => u.GroupId, group))
                .AsAsyncEnumerable().GetAsyncEnumerator(Token);
            await users.MoveNextAsync();
            return new HeldRead(pod, db, users);
        }

        public async Task EndAsync()
        {
            while (await users.MoveNextAsync())
            {
                // Reads all rows.
            }
        }

        public async ValueTask DisposeAsync()
        {
            await users.DisposeAsync();
            await db.DisposeAsync();
        }
    }
}
