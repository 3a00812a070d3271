using System.Data.Common;
using System.Transactions;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.EntityFrameworkCore.Interception;

/// <summary>Keeps the connection closed while a cached query looks for its rows, so that a hit takes no connection from the pool and needs
/// no database. <see cref="CommandInterceptor"/> opens the connection for a command that has to run.</summary>
/// <remarks>Connections are opened as usual if the program has its own connection interceptor, because such an interceptor relies on an
/// open connection when it is notified.</remarks>
internal sealed class ConnectionInterceptor(QueryScope scope) : DbConnectionInterceptor
{
    private bool? _isAlone;

    public override InterceptionResult ConnectionOpening(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        scope.HasDeferredOpening = scope.Query is not null && !result.IsSuppressed && Transaction.Current is null
            && IsAlone(eventData.Context);
        return scope.HasDeferredOpening ? InterceptionResult.Suppress() : result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ConnectionOpening(connection, eventData, result));

    private bool IsAlone(DbContext? context) => context is not null && (_isAlone ??= IsAloneIn(context));

    private bool IsAloneIn(DbContext context)
    {
        var services = ((IInfrastructure<IServiceProvider>)context).Instance;
        var ofOptions = services.GetRequiredService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors ?? [];
        return services.GetServices<IInterceptor>().Concat(ofOptions).OfType<IDbConnectionInterceptor>()
            .All(one => ReferenceEquals(one, this));
    }
}
