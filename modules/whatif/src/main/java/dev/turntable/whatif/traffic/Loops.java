package dev.turntable.whatif.traffic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds out what sets each request going. Most clients ask again when they have their answer and have thought a while (closed loop); some
 * ask whether or not they have it (open); and some work in so many lanes at once, each of which is a closed loop.
 */
public final class Loops {
    /** An answer's end is on the record a little after the client has it: a request within this before it follows it. */
    private static final long HASTE = 20_000;

    private static final int LANES = 64;

    private final Requests requests;
    private final List<Client> clients = new ArrayList<>();

    public Loops(Requests requests) {
        this.requests = requests;
    }

    private record End(int request, long at) {}

    private static final class Client {
        private final int first;
        private int last = Requests.NOBODY;
        private int open;
        private int openBeforeLast;
        private long lastEnd;
        private int asked;
        private final int[] openBefore = new int[LANES];
        private final Deque<End> free =
                new ArrayDeque<>(); // ends that set nothing going yet; at most so many as were open at once

        Client(int first) {
            this.first = first;
        }
    }

    public void arrived(int r, long now) {
        int number = requests.client(r);
        while (clients.size() <= number) {
            clients.add(new Client(r));
        }
        Client client = clients.get(number);
        if (client.last == Requests.NOBODY) {
            requests.followsIs(r, Requests.BY_THE_CLOCK, 0);
        } else {
            requests.nextIs(client.last, r);
            if (client.open == 0) {
                requests.followsIs(r, Requests.WHEN_IDLE, now - client.lastEnd);
            } else {
                requests.followsIs(r, Requests.BESIDE, now - requests.arrived(client.last));
            }
        }
        if (!client.free.isEmpty()) {
            End end = client.free.pop();
            requests.mayFollow(r, end.request(), now - end.at());
        }
        client.openBeforeLast = Math.min(client.open, LANES - 1);
        client.openBefore[client.openBeforeLast]++;
        client.last = r;
        client.open++;
        client.asked++;
    }

    public void ended(int r, long now) {
        Client client = clients.get(requests.client(r));
        client.open--;
        client.lastEnd = now;
        int last = client.last;
        boolean hasty = last != r && now - requests.arrived(last) <= HASTE && requests.ending(last) == Requests.OPEN;
        if (hasty && client.openBeforeLast > 0) {
            client.openBefore[client.openBeforeLast--]--;
            client.openBefore[client.openBeforeLast]++;
            if (client.open == 1) {
                requests.followsIs(last, Requests.WHEN_IDLE, 0);
            }
        }
        if (hasty && !requests.mayFollow(last)) {
            requests.mayFollow(last, r, 0);
        } else {
            client.free.push(new End(r, now));
        }
    }

    /** What was found, in clients. */
    public record Found(int closed, int lanes, int open) {}

    /** Decides who works in lanes, when all has been seen. */
    public Found settle() {
        int closed = 0;
        int lanes = 0;
        int open = 0;
        for (Client client : clients) {
            if (inLanes(client)) {
                lanes++;
                for (int r = client.first; r != Requests.NOBODY; r = requests.next(r)) {
                    if (requests.mayFollow(r)) {
                        requests.follow(r);
                    }
                }
            } else if (client.openBefore[0] == client.asked) {
                closed++;
            } else {
                open++;
            }
        }
        return new Found(closed, lanes, open);
    }

    /** Nearly always, a request makes as many open ones as there ever are. */
    private static boolean inLanes(Client client) {
        int usual = 0;
        for (int n = 1; n < LANES; n++) {
            usual = client.openBefore[n] > client.openBefore[usual] ? n : usual;
        }
        int more = Arrays.stream(client.openBefore, usual + 1, LANES).sum();
        return usual > 0 && client.openBefore[usual] * 2 >= client.asked && more * 20 <= client.asked;
    }
}
