using System.Transactions;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Stands among the parts of an ambient transaction, to announce its commit before any of them prepares it.</summary>
internal sealed class AmbientAnnouncement(PendingCommit pending) : IEnlistmentNotification
{
    public void Prepare(PreparingEnlistment preparingEnlistment) => _ = PrepareAsync(preparingEnlistment);

    public void Commit(Enlistment enlistment) => enlistment.Done();

    public void Rollback(Enlistment enlistment) => enlistment.Done();

    public void InDoubt(Enlistment enlistment) => enlistment.Done();

    private async Task PrepareAsync(PreparingEnlistment enlistment)
    {
        try
        {
            await pending.AnnounceAsync().ConfigureAwait(false);
        }
        catch (Exception refused)
        {
            enlistment.ForceRollback(refused);
            return;
        }

        enlistment.Prepared();
    }
}
