// A gossip protocol in sixty lines: every node keeps a view of c others, and swaps half of it with one of them.

const int n = 1000, c = 20, h = 1;
var random = new Random(1);
var alive = new bool[n];
var views = new List<(int Peer, int Age)>[n];
for (var node = 0; node < n; node++)
{
    (alive[node], views[node]) = (true, [((node + 1) % n, 0)]);     // at first each knows the next one on a ring
}

for (var cycle = 1; cycle <= 50; cycle++)
{
    for (var node = 0; cycle == 31 && node < n; node += 2)
    {
        alive[node] = false;                                        // half of them die, and nobody is told
    }

    foreach (var node in Enumerable.Range(0, n).Where(node => alive[node]).OrderBy(_ => random.Next()))
    {
        Exchange(node);
    }

    if (cycle is 1 or 5 or 10 or 30 or 31 or 35 or 40 or 50)
    {
        Report(cycle);
    }
}

void Exchange(int node)
{
    var partner = views[node].MaxBy(entry => entry.Age).Peer;       // whom it has not heard of for the longest time
    if (!alive[partner])
    {
        views[node].RemoveAll(entry => entry.Peer == partner);      // no answer
        return;
    }

    var (request, answer) = (Prepare(node), Prepare(partner));
    Merge(partner, request, answer);
    Merge(node, answer, request);
}

List<(int Peer, int Age)> Prepare(int node) =>
    [(node, 0), .. views[node].OrderBy(_ => random.Next()).Take((c / 2) - 1)];

void Merge(int node, List<(int Peer, int Age)> received, List<(int Peer, int Age)> sent)
{
    var union = views[node].Concat(received).Where(entry => entry.Peer != node).GroupBy(entry => entry.Peer)
        .Select(same => same.MinBy(entry => entry.Age)).OrderByDescending(entry => entry.Age).ToList();
    var surplus = Math.Max(0, union.Count - c);
    var healed = Math.Min(h, surplus);
    var rest = union.Skip(healed).OrderByDescending(entry => sent.Any(other => other.Peer == entry.Peer))
        .ThenBy(_ => random.Next()).Skip(surplus - healed);
    views[node] = [.. rest.Select(entry => (entry.Peer, entry.Age + 1))];
}

void Report(int cycle)
{
    var links = Enumerable.Range(0, n).Where(node => alive[node]).SelectMany(node => views[node]).ToList();
    var known = links.GroupBy(entry => entry.Peer).Where(peer => alive[peer.Key]).Select(peer => peer.Count()).ToList();
    var dead = 100.0 * links.Count(entry => !alive[entry.Peer]) / links.Count;
    Console.WriteLine(FormattableString.Invariant(
        $"cycle {cycle}: known by {known.Min()} to {known.Max()} nodes, {dead:0.0} % dead links"));
}
