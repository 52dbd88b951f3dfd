package dev.turntable.whatif;

import dev.turntable.event.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells clients apart: by address and user agent, as long as the record has nothing better. */
final class Who {
    private final Map<Client, Integer> numbers = new HashMap<>();
    private final List<Client> clients = new ArrayList<>();

    /** One client. */
    record Client(String address, Optional<String> agent) {
        String name() {
            return agent.filter(a -> !a.isBlank()).map(a -> address + " " + a).orElse(address);
        }
    }

    int number(Fact.RequestArrived arrival) {
        Client client = new Client(arrival.client(), arrival.agent());
        Integer known = numbers.get(client);
        if (known != null) {
            return known;
        }
        numbers.put(client, clients.size());
        clients.add(client);
        return clients.size() - 1;
    }

    Client client(int number) {
        return clients.get(number);
    }

    int count() {
        return clients.size();
    }
}
