using System.Data.Common;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The changes made by statements other than those of <c>SaveChanges</c>: <c>ExecuteUpdate</c>, <c>ExecuteDelete</c>, raw SQL and
/// migrations. The changed rows are unknown.</summary>
internal sealed class StatementMarks(KafkaEfCache cache)
{
    /// <summary>Called before a statement runs: refuses it, or announces the changes that it may make.</summary>
    /// <exception cref="InvalidOperationException">The tables that the statement changes, or the commit of its transaction, can't be
    /// determined.</exception>
    /// <exception cref="CommitRefusedException">The statement could not be announced, and <c>Invalidation</c> is
    /// <c>AroundCommit</c>.</exception>
    public async ValueTask BeginAsync(DbCommand command, CommandEventData statement, QueryScope scope)
    {
        if (!IsChange(statement))
            return;
        if (statement.CommandSource == CommandSource.ExecuteSqlRaw && scope.DeclaredChanges is null
            && TablesOf(command, statement, scope).Length == 0)
            throw new InvalidOperationException(
                "The raw SQL names no table of the model, so the cache can't know what it changes. Run it inside using "
                + "(db.Database.DeclareChanges(\"table\", ...)), without a table if it changes none.");
        var commit = cache.Transactions.CommitOf(statement.Context!);
        if (cache.Openings.AreUsed)
            await commit.OpenAsync(MarksOf(command, statement, scope)).ConfigureAwait(false);
        scope.Commit = commit;
    }

    /// <summary>Invalidates the results that a statement has changed or may have changed.</summary>
    public void Invalidate(DbCommand command, CommandEventData statement, QueryScope scope)
    {
        // If the statement was refused, the scope has no commit.
        if (!IsChange(statement) || scope.Commit is not { } commit)
            return;
        scope.Commit = null;
        commit.Complete(MarksOf(command, statement, scope));
    }

    private MarkSet MarksOf(DbCommand command, CommandEventData statement, QueryScope scope)
    {
        var marks = new MarkSet();
        foreach (var table in TablesOf(command, statement, scope))
            marks.AddUnknownRows(table);
        return marks;
    }

    private static bool IsTruncate(DbCommand command) =>
        SqlNames.Count(command.CommandText, "TRUNCATE", StringComparison.OrdinalIgnoreCase) > 0;

    private static bool IsChange(CommandEventData statement) =>
        statement.Context is not null
        && statement.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete
            or CommandSource.ExecuteSqlRaw or CommandSource.Migrations;

    private string[] TablesOf(DbCommand command, CommandEventData statement, QueryScope scope)
    {
        var tables = cache.TablesOf(statement.Context!);
        string[] named = statement.CommandSource switch
        {
            CommandSource.Migrations => [.. tables.All],
            CommandSource.ExecuteSqlRaw => scope.DeclaredChanges ?? tables.NamedInRaw(command.CommandText),
            _ => tables.NamedIn(command.CommandText).Tables,
        };
        if (statement.CommandSource == CommandSource.ExecuteUpdate)
            return named;

        // Any other statement may delete rows, so the tables to which deletes cascade are included. TRUNCATE ... CASCADE empties every
        // table that refers to the named ones, including those to which a deletion does not cascade.
        Func<string, string[]> reachedFrom = IsTruncate(command) ? tables.ReferencesOf : tables.CascadesOf;
        return [.. named.Concat(named.SelectMany(reachedFrom)).Distinct(StringComparer.Ordinal)];
    }
}
