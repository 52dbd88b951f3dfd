package dev.turntable.whatif.traffic;

import dev.turntable.event.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells clients apart: by address and user agent, as long as the record has nothing better. */
public final class Who {
    private final Map<Client, Integer> numbers = new HashMap<>();
    private final List<Client> clients = new ArrayList<>();

    /** One client. */
    public record Client(String address, Optional<String> agent) {
        public String name() {
            return agent.filter(a -> !a.isBlank()).map(a -> address + " " + a).orElse(address);
        }
    }

    public int number(Fact.RequestArrived arrival) {
        Client client = new Client(arrival.client(), arrival.agent());
        Integer known = numbers.get(client);
        if (known != null) {
            return known;
        }
        numbers.put(client, clients.size());
        clients.add(client);
        return clients.size() - 1;
    }

    public Client client(int number) {
        return clients.get(number);
    }

    public int count() {
        return clients.size();
    }
}
