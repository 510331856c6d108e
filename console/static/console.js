// Small comforts; every page works with plain forms as well.
(function () {
    var root = document.documentElement;

    document.querySelectorAll("[data-theme-switch]").forEach(function (button) {
        button.addEventListener("click", function () {
            var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
            root.setAttribute("data-bs-theme", next);
            try { localStorage.setItem("frontdoor-theme", next); } catch (e) { /* private mode */ }
        });
    });

    document.addEventListener("keydown", function (event) {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
        var box = document.querySelector("[data-slash]");
        if (box) { event.preventDefault(); box.focus(); box.select(); }
    });

    document.querySelectorAll("form[data-autosubmit]").forEach(function (form) {
        form.addEventListener("change", function () {
            // Empty filters stay out of the address, so that it can be read and shared.
            form.querySelectorAll("select").forEach(function (s) { s.disabled = !s.value; });
            form.submit();
        });
    });

    document.querySelectorAll("[data-send]").forEach(function (area) {
        area.addEventListener("keydown", function (event) {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
        });
    });

    document.querySelectorAll("[data-confirm]").forEach(function (button) {
        button.addEventListener("click", function (event) { if (!confirm(button.dataset.confirm)) event.preventDefault(); });
    });

    document.querySelectorAll("[data-copy]").forEach(function (button) {
        var words = button.textContent;
        button.addEventListener("click", function () {
            // Without https there is no clipboard: the text stands beside the button.
            if (!navigator.clipboard) return;
            navigator.clipboard.writeText(button.dataset.copy).then(function () {
                button.textContent = button.dataset.copied;
                setTimeout(function () { button.textContent = words; }, 2000);
            });
        });
    });

    // One click is one request.
    document.querySelectorAll("form[method=post]").forEach(function (form) {
        form.addEventListener("submit", function () {
            setTimeout(function () { form.querySelectorAll("[type=submit]").forEach(function (b) { b.disabled = true; }); });
        });
    });
    window.addEventListener("pageshow", function (event) {
        if (event.persisted) document.querySelectorAll("[type=submit]").forEach(function (b) { b.disabled = false; });
    });

    document.querySelectorAll("[data-filter]").forEach(function (box) {
        var list = document.querySelector(box.dataset.filter), all = Array.from(list.options);
        box.addEventListener("input", function () {
            var wanted = box.value.trim().toLowerCase();
            var found = all.filter(function (o) { return o.text.toLowerCase().includes(wanted); });
            // An empty list would quietly send the recommended outlet.
            list.replaceChildren.apply(list, found.length ? found : all);
            box.classList.toggle("is-invalid", !found.length);
            if (list.selectedIndex < 0) list.selectedIndex = 0;
        });
        box.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
    });

    document.querySelectorAll(".modal").forEach(function (modal) {
        modal.addEventListener("shown.bs.modal", function () {
            var first = modal.querySelector(".modal-body input, .modal-body select, .modal-body textarea");
            if (first) first.focus();
            // What is typed replaces the old fee; appended to it, 231 became 231231.
            if (first && first.type === "number") first.select();
        });
    });

    function post(number, field, address) {
        var token = document.querySelector("[name=csrftoken]").value;
        return fetch(address || "/console/tickets/" + encodeURIComponent(number) + "/reveal", {
            method: "POST",
            headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
            body: "field=" + field,
        }).then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer; });
    }

    function failed(button) { button.classList.add("fd-bad-text"); button.disabled = false; }

    document.querySelectorAll("[data-reveal]").forEach(function (button) {
        button.addEventListener("click", function () {
            button.disabled = true;
            post(button.dataset.number, button.dataset.reveal, button.dataset.revealAt).then(function (a) { return a.json(); }).then(function (told) {
                var place = button.parentElement.querySelector("[data-secret]");
                place.textContent = told.value;
                if (button.dataset.reveal === "phone") {
                    var link = document.createElement("a");
                    link.href = "tel:" + told.value; link.textContent = told.value;
                    place.replaceChildren(link);
                }
                button.remove();
            }).catch(function () { failed(button); });
        });
    });

    function toBottom(box) { if (box.hasAttribute("data-bottom")) box.scrollTop = box.scrollHeight; }

    document.querySelectorAll("[data-reveal-talk]").forEach(function (button) {
        button.addEventListener("click", function () {
            var box = document.getElementById("talk");
            button.disabled = true;
            post(button.dataset.number, "conversation").then(function (a) { return a.text(); }).then(function (html) {
                box.removeAttribute("data-fresh"); // a refresh would mask it again
                box.innerHTML = html; toBottom(box); button.remove();
            }).catch(function () { failed(button); });
        });
    });

    document.querySelectorAll("[data-fresh]").forEach(function (box) {
        var shown = null;
        toBottom(box);
        setInterval(function () {
            var address = box.dataset.fresh;
            if (!address || document.hidden) return;
            fetch(address, { headers: { Accept: "text/html" } }).then(function (a) {
                if (a.redirected) { location.reload(); throw new Error("logged out"); }
                return a.ok ? a.text() : Promise.reject(a.status);
            }).then(function (html) {
                if (shown !== null && html !== shown && box.dataset.fresh) {
                    var atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
                    box.innerHTML = html;
                    if (atEnd) toBottom(box);
                }
                shown = html;
            }).catch(function () { /* the next round tries again */ });
        }, 4000);
    });

    // A whole row is a link; the number in it stays one for keyboards and new tabs.
    document.querySelectorAll(".fd-table tbody tr").forEach(function (row) {
        var link = row.querySelector(".fd-number");
        if (!link) return;
        row.classList.add("fd-click");
        row.addEventListener("click", function (event) {
            if (event.target.closest("a, button") || String(getSelection())) return;
            if (event.ctrlKey || event.metaKey) window.open(link.href); else location.href = link.href;
        });
    });

    // The call list by keyboard: both hands stay there while the telephone is at the ear.
    document.querySelectorAll("[data-calls]").forEach(function (list) {
        document.addEventListener("keydown", function (event) {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.type === "text") return;
            var calls = Array.from(list.querySelectorAll(".fd-call")), key = event.key.toLowerCase();
            var here = calls.indexOf(event.target.closest ? event.target.closest(".fd-call") : null);
            if (key === "j" || key === "k") {
                var next = calls[Math.max(0, Math.min(calls.length - 1, here + (key === "j" ? 1 : -1)))];
                if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
            } else if (here >= 0) {
                var score = calls[here].querySelector("input[name=score][value='" + (/^[1-5]$/.test(key) ? key : "none") + "']");
                var button = calls[here].querySelector("[data-key='" + (/^[a-z]$/.test(key) ? key : "none") + "']");
                if (score) score.checked = true;
                if (button) { event.preventDefault(); button.focus(); }
            }
        });
    });
})();
